package dev.heddle.json;

import tools.jackson.databind.node.ObjectNode;

/** The rule of a set that nothing is in it twice; checked where it is read, since a set that was made has forgotten. */
enum UniqueRule implements Rule {
    UNIQUE;

    @Override
    public String keyword() {
        return "uniqueItems";
    }

    @Override
    public String expected() {
        return "a list in which nothing comes twice";
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        return true;
    }

    @Override
    public void describe(ObjectNode schema) {
        Rule.add(schema, keyword(), node -> node.put(keyword(), true));
    }
}
