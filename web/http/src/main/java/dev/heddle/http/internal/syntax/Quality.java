package dev.heddle.http.internal.syntax;

/** The weight of an element of an Accept field (RFC 9110, section 12.4.2). */
public final class Quality {

    private Quality() {}

    /**
     * Reads the parameters behind an element.
     *
     * @return the weight in thousandths; 1000 without one, 0 for a malformed one, since nobody can tell what was meant
     */
    public static int of(String parameters) {
        for (String parameter : parameters.split(";", -1)) {
            String text = parameter.strip();
            if (text.regionMatches(true, 0, "q=", 0, 2)) {
                return thousandths(text.substring(2));
            }
        }
        return 1000;
    }

    private static int thousandths(String text) {
        boolean whole = text.equals("0") || text.equals("1");
        if (!whole && (text.length() > 5 || text.length() < 2 || text.charAt(1) != '.')) {
            return 0;
        }
        int value = 0;
        for (int i = 0; i < 5; i++) {
            if (i != 1) {
                char c = i < text.length() ? text.charAt(i) : '0';
                if (c < '0' || c > '9') {
                    return 0;
                }
                value = value * 10 + (c - '0');
            }
        }
        return value > 1000 ? 0 : value;
    }
}
