package dev.heddle.json;

import tools.jackson.databind.node.ObjectNode;

/**
 * A rule with the program's own words.
 *
 * @param words as {@code must be the number of an article}
 */
record WordedRule(Rule rule, String words) implements Rule {

    private static final String MUST_BE = "must be ";

    @Override
    public String keyword() {
        return rule.keyword();
    }

    @Override
    public String expected() {
        return words.startsWith(MUST_BE) ? words.substring(MUST_BE.length()) : words;
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        return rule.holds(value, steps);
    }

    @Override
    public void describe(ObjectNode schema) {
        rule.describe(schema);
    }
}
