package dev.heddle.json;

import tools.jackson.databind.node.ObjectNode;

/** A rule that a flag is set, or is not. */
record TruthRule(boolean truth) implements Rule {

    @Override
    public String keyword() {
        return "const";
    }

    @Override
    public String expected() {
        return Boolean.toString(truth);
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        return value.equals(truth);
    }

    @Override
    public void describe(ObjectNode schema) {
        Rule.add(schema, keyword(), node -> node.put(keyword(), truth));
    }
}
