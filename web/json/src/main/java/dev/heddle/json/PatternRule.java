package dev.heddle.json;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rule that a text, from its begin to its end, is of a form.
 *
 * @param shown the same as JavaScript writes it (ECMA-262), which is what schemas have; null if that is not known
 */
record PatternRule(Pattern pattern, @Nullable String shown, String expected) implements Rule {

    /** Most characters of a pattern that an error tells. */
    static final int MAX_SHOWN = 200;

    static PatternRule of(Pattern pattern) {
        return new PatternRule(pattern, pattern.flags() == 0 ? ScriptPattern.of(pattern.pattern()) : null,
                "a text that matches " + cut(pattern.pattern()));
    }

    private static String cut(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text;
    }

    @Override
    public String keyword() {
        return "pattern";
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        return steps.matches(pattern, (CharSequence) value);
    }

    @Override
    public void describe(ObjectNode schema) {
        if (shown != null) {
            Rule.add(schema, keyword(), node -> node.put(keyword(), shown));
        }
        if (!schema.has("maxLength")) {
            schema.put("maxLength", PatternSteps.MAX_TEXT);
        }
    }
}
