package dev.heddle.json;

import tools.jackson.databind.node.ObjectNode;

/** A rule of a text that needs no pattern of the program. */
enum FormRule implements Rule {

    /** Has a character that is no white space, as JavaScript's {@code \S} says it. */
    NOT_BLANK("pattern", "a text that is not blank") {
        @Override
        boolean takes(CharSequence text) {
            for (int i = 0; i < text.length(); i++) {
                if (!isSpace(text.charAt(i))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void describe(ObjectNode schema) {
            Rule.add(schema, keyword(), node -> node.put(keyword(), "\\S"));
        }
    },

    /** A mailbox as pages take it (WHATWG HTML, "valid e-mail address"), of the lengths of RFC 5321. */
    EMAIL("format", "an e-mail address") {
        @Override
        boolean takes(CharSequence text) {
            return EmailAddress.is(text);
        }

        @Override
        public void describe(ObjectNode schema) {
            Rule.add(schema, keyword(), node -> node.put(keyword(), "email"));
        }
    };

    private final String keyword;
    private final String expected;

    FormRule(String keyword, String expected) {
        this.keyword = keyword;
        this.expected = expected;
    }

    abstract boolean takes(CharSequence text);

    @Override
    public String keyword() {
        return keyword;
    }

    @Override
    public String expected() {
        return expected;
    }

    @Override
    public boolean holds(Object value, PatternSteps steps) {
        return takes((CharSequence) value);
    }

    /** White space and line ends of ECMA-262, sections 12.2 and 12.3. */
    private static boolean isSpace(char c) {
        return (c >= '\t' && c <= '\r') || c == '\ufeff' || c == '\u2028' || c == '\u2029'
                || Character.getType(c) == Character.SPACE_SEPARATOR;
    }
}
