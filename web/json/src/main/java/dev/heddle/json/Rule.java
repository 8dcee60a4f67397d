package dev.heddle.json;

import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** A rule that a value has to keep, with the one keyword of JSON Schema that says it. Immutable. */
interface Rule {

    /** The keyword, as {@code maxLength}. */
    String keyword();

    /** What the value must be, fit to stand behind "must be". */
    String expected();

    /** The same as the end of a sentence that begins with the value's name. */
    default String words() {
        return "must be " + expected();
    }

    /**
     * Whether a value keeps it.
     *
     * @param value of a type that the rule was made for; never null, never an optional
     */
    boolean holds(Object value, PatternSteps steps);

    /** Says it in a schema. */
    void describe(ObjectNode schema);

    /** Sets a keyword of a schema, beside one that is there already. */
    static void add(ObjectNode schema, String keyword, Consumer<ObjectNode> set) {
        set.accept(schema.has(keyword) ? schema.withArray("allOf").addObject() : schema);
    }
}
