import { describeRule } from "./describe-rule.ts";

describeRule("sort-without-index");
