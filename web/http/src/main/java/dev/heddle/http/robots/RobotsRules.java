package dev.heddle.http.robots;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The rules of one robots.txt: which paths of a site are for which crawlers (RFC 9309).
 *
 * <pre>{@code
 * var rules = RobotsRules.parse(text);
 * boolean may = rules.allows("my-crawler", "/shop/cart?id=7");
 * }</pre>
 *
 * <p>The groups that name a crawler count together; where none does, those of {@code *}; where there is none either,
 * everything is allowed. Of the rules that match a path the longest decides, and of two as long the one that allows.
 * {@code *} stands for any characters, and {@code $} at the end for the end of the path. Paths are compared as octets:
 * what is percent-encoded without need is taken as if it were not, and what is not ASCII as if it were. {@code
 * /robots.txt} itself is always allowed. Lines that are no rules are skipped. Where stars are so many that ten million
 * steps do not tell, nothing is allowed.
 *
 * <p>Immutable, for any thread. To test code that uses it, parse a text.
 */
public final class RobotsRules {

    /** Most bytes of a file that are looked at; what is beyond does not count (RFC 9309, section 2.5). */
    public static final int MAX_BYTES = 500 * 1024;

    static final RobotsRules ALL_ALLOWED = new RobotsRules(Map.of());
    static final RobotsRules NONE_ALLOWED = parse("User-agent: *\nDisallow: /");

    private static final String ANYBODY = "*";

    /** One rule; its path is in the form that {@link #pattern} gives. */
    private record Rule(boolean allows, String path) {}

    /** By the crawler's name in lower case; crawlers of one group share its rules, however many they are. */
    private final Map<String, List<List<Rule>>> groups;

    private RobotsRules(Map<String, List<List<Rule>>> groups) {
        this.groups = groups;
    }

    /** Takes what a file would have. */
    public static RobotsRules parse(String text) {
        return parse(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the bytes of a file, in UTF-8; those beyond {@value #MAX_BYTES} do not count. */
    public static RobotsRules parse(byte[] file) {
        int count = Math.min(file.length, MAX_BYTES);
        String text = new String(file, 0, count, StandardCharsets.UTF_8);
        if (count < file.length) {
            // The last line may be half of a rule that says something else.
            text = text.substring(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
        }
        return new RobotsRules(groups(text.startsWith("\ufeff") ? text.substring(1) : text));
    }

    private static Map<String, List<List<Rule>>> groups(String text) {
        var groups = new HashMap<String, List<List<Rule>>>();
        List<Rule> group = new ArrayList<>();
        boolean begun = false;
        boolean ruled = false;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            int comment = line.indexOf('#');
            String said = comment < 0 ? line : line.substring(0, comment);
            int colon = said.indexOf(':');
            String key = colon < 0 ? "" : said.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String value = said.substring(colon + 1).strip();
            if (key.equals("user-agent")) {
                if (ruled) {
                    group = new ArrayList<>();
                    ruled = false;
                }
                begun = true;
                groups.computeIfAbsent(agent(value), _ -> new ArrayList<>()).add(group);
            } else if (begun && (key.equals("allow") || key.equals("disallow"))) {
                ruled = true;
                if (!value.isEmpty()) {
                    group.add(new Rule(key.equals("allow"), pattern(value)));
                }
            }
            // Anything else, such as a site map, is no end of a group (section 2.2.4).
        }
        return groups;
    }

    /** The name of a crawler: letters, lines and underscores, without a version behind (section 2.2.1). */
    private static String agent(String text) {
        if (text.startsWith(ANYBODY)) {
            return ANYBODY;
        }
        int end = 0;
        while (end < text.length() && isOfName(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end).toLowerCase(Locale.ROOT);
    }

    private static boolean isOfName(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    }

    /**
     * Whether a crawler may ask for a path.
     *
     * @param userAgent its name, such as {@code my-crawler}; a version behind it does not count
     * @param path path and query of a URL, which begins with a slash
     * @throws IllegalArgumentException if the name does not begin with a letter, a line or an underscore, or the path
     *     does not begin with a slash
     */
    public boolean allows(String userAgent, String path) {
        String name = name(userAgent);
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with a slash");
        }
        String asked = normal(path).replace("*", "%2A").replace("$", "%24");
        if (asked.equals("/robots.txt")) {
            return true;
        }
        List<List<Rule>> named = groups.get(name);
        var matcher = new PathMatcher(asked);
        int longest = -1;
        boolean allowed = true;
        for (List<Rule> rules : named == null ? groups.getOrDefault(ANYBODY, List.of()) : named) {
            for (Rule rule : rules) {
                int length = rule.path().length();
                if ((length > longest || (length == longest && rule.allows())) && matcher.matches(rule.path())) {
                    longest = length;
                    allowed = rule.allows();
                }
            }
        }
        return allowed && !matcher.isExhausted();
    }

    /**
     * A crawler's name without a version behind.
     *
     * @throws IllegalArgumentException if there is none
     */
    static String name(String userAgent) {
        String name = agent(userAgent);
        if (name.isEmpty() || name.equals(ANYBODY)) {
            throw new IllegalArgumentException("a crawler's name has letters, - and _");
        }
        return name;
    }

    /** The one form of a pattern: a dollar sign before its end is one of the path. */
    private static String pattern(String rule) {
        int last = rule.length() - 1;
        return normal(rule.substring(0, last).replace("$", "%24") + rule.charAt(last));
    }

    /**
     * The one form of a path: unreserved characters as they are, everything else that is encoded or not ASCII with
     * percent signs and capital digits (section 2.2.2, RFC 3986, section 6.2.2).
     */
    private static String normal(String path) {
        var form = new StringBuilder(path.length());
        byte[] octets = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < octets.length; i++) {
            int c = octets[i] & 0xff;
            int high = i + 2 < octets.length ? Character.digit(octets[i + 1], 16) : -1;
            int low = i + 2 < octets.length ? Character.digit(octets[i + 2], 16) : -1;
            if (c == '%' && high >= 0 && low >= 0) {
                int decoded = high * 16 + low;
                i += 2;
                if (isUnreserved(decoded)) {
                    form.append((char) decoded);
                } else {
                    encode(form, decoded);
                }
            } else if (c > ' ' && c < 0x7f) {
                form.append((char) c);
            } else {
                encode(form, c);
            }
        }
        return form.toString();
    }

    private static void encode(StringBuilder form, int octet) {
        form.append('%').append(Character.toUpperCase(Character.forDigit(octet >> 4, 16)))
                .append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return "RobotsRules[" + groups.size() + " crawlers]";
    }
}
