import { describeRule } from "./describe-rule.ts";

describeRule("row-estimate-off");
