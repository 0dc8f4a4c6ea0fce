import { describeRule } from "./describe-rule.ts";

describeRule("correlated-subquery");
