package dev.heddle.http.internal.syntax;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * The reader of the challenges in a WWW-Authenticate field. They and their parameters are both separated by commas, so
 * what follows a token decides.
 */
public final class ChallengeReader {

    private final FieldScanner text;

    private ChallengeReader(String text) {
        this.text = new FieldScanner(text);
    }

    /**
     * The challenges of all fields together; none if one of them is malformed.
     *
     * @param challenge makes one of its scheme in lower case, and of its parameters in order
     */
    public static <T> List<T> read(List<String> fields, BiFunction<String, Map<String, String>, T> challenge) {
        var all = new ArrayList<T>();
        for (String field : fields) {
            if (!new ChallengeReader(field).readAll(all, challenge)) {
                return List.of();
            }
        }
        return List.copyOf(all);
    }

    private <T> boolean readAll(List<T> all, BiFunction<String, Map<String, String>, T> challenge) {
        skipCommas();
        while (!text.isAtEnd()) {
            String scheme = text.token().toLowerCase(Locale.ROOT);
            if (scheme.isEmpty()) {
                return false;
            }
            Map<String, String> parameters = new LinkedHashMap<>();
            if (!readParameters(parameters)) {
                return false;
            }
            all.add(challenge.apply(scheme, parameters));
        }
        return true;
    }

    private boolean readParameters(Map<String, String> parameters) {
        boolean first = true;
        while (true) {
            int before = text.position();
            boolean separated = skipCommas();
            if (text.isAtEnd()) {
                return true;
            }
            int start = text.position();
            String name = text.token();
            text.skipBlanks();
            if (!name.isEmpty() && takeEquals()) {
                if ((!first && !separated) || !readValue(name.toLowerCase(Locale.ROOT), parameters)) {
                    return false;
                }
            } else if (first && !separated && start + name.length() > before) {
                text.moveTo(start);
                String bare = text.until(", \t");
                if (bare.isEmpty()) {
                    return false;
                }
                parameters.put("", bare);
            } else {
                text.moveTo(start);
                return separated && !name.isEmpty();
            }
            first = false;
        }
    }

    /** Takes an equals sign that is followed by a value, not the padding of a bare token. */
    private boolean takeEquals() {
        if (!text.take('=')) {
            return false;
        }
        text.skipBlanks();
        return text.isAt('"') || text.isAtToken();
    }

    private boolean readValue(String name, Map<String, String> parameters) {
        String value = text.isAt('"') ? text.quoted() : text.token();
        return value != null && parameters.putIfAbsent(name, value) == null;
    }

    /** Whether there was one. */
    private boolean skipCommas() {
        text.skipBlanks();
        boolean some = text.isAt(',');
        text.skip(", \t");
        return some;
    }
}
