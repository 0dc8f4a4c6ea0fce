import { describeRule } from "./describe-rule.ts";

describeRule("index-filters-most");
