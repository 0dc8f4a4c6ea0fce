import { describeRule } from "./describe-rule.ts";

describeRule("leading-wildcard");
