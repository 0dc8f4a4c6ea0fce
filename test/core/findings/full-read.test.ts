import { describeRule } from "./describe-rule.ts";

describeRule("full-read");
