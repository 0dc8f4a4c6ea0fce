import { describeRule } from "./describe-rule.ts";

describeRule("costly-inner-side");
