import { describeRule } from "./describe-rule.ts";

describeRule("hidden-column");
