import { describeRule } from "./describe-rule.ts";

describeRule("foreign-key-without-index");
