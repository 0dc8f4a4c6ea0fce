import { describeRule } from "./describe-rule.ts";

describeRule("offset");
