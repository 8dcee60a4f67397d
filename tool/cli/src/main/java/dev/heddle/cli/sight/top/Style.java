package dev.heddle.cli.sight.top;

/** The styles in which text stands out on a terminal. */
enum Style {
    /** Nothing but the text. */
    NONE {
        @Override
        String paint(String codes, String text) {
            return text;
        }
    },

    /** Bold and reversed, but no colours. */
    PLAIN {
        @Override
        String paint(String codes, String text) {
            return codes.equals(HEAD) || codes.equals(MARKED) || codes.equals(KEY) ? sgr("7", text) : text;
        }
    },

    COLOURS {
        @Override
        String paint(String codes, String text) {
            return sgr(codes, text);
        }
    };

    /** Codes of SGR (ECMA-48, 8.3.117). */
    static final String HEAD = "30;42";

    static final String MARKED = "30;46";
    static final String KEY = "30;46;1";
    static final String GAUGE = "32";
    static final String HOT = "31;1";
    static final String QUIET = "90";

    /** The text as it is to look. */
    abstract String paint(String codes, String text);

    private static String sgr(String codes, String text) {
        return text.isEmpty() ? "" : "\u001b[" + codes + "m" + text + "\u001b[0m";
    }
}
