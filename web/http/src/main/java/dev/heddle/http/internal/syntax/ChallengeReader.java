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

    private final String text;
    private int at;

    private ChallengeReader(String text) {
        this.text = text;
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
        while (at < text.length()) {
            String scheme = token().toLowerCase(Locale.ROOT);
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
            int before = at;
            skipCommas();
            boolean separated = text.substring(before, at).indexOf(',') >= 0;
            if (at == text.length()) {
                return true;
            }
            int start = at;
            String name = token();
            int end = at;
            skipBlanks();
            if (at < text.length() && text.charAt(at) == '=' && !name.isEmpty() && isParameter()) {
                at++;
                skipBlanks();
                if ((!first && !separated) || !readValue(name.toLowerCase(Locale.ROOT), parameters)) {
                    return false;
                }
            } else if (first && !separated && end > before) {
                at = start;
                String bare = bareToken();
                if (bare.isEmpty()) {
                    return false;
                }
                parameters.put("", bare);
            } else {
                at = start;
                return separated && !name.isEmpty();
            }
            first = false;
        }
    }

    /** Whether the equals sign here is followed by a value, not by the padding of a bare token. */
    private boolean isParameter() {
        int next = at + 1;
        while (next < text.length() && FieldSyntax.isBlank(text.charAt(next))) {
            next++;
        }
        return next < text.length()
                && (text.charAt(next) == '"' || FieldSyntax.isTokenChar(text.charAt(next)));
    }

    private boolean readValue(String name, Map<String, String> parameters) {
        if (at == text.length() || text.charAt(at) != '"') {
            return parameters.putIfAbsent(name, token()) == null;
        }
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return parameters.putIfAbsent(name, value.toString()) == null;
            }
            if (c == '\\' && ++at == text.length()) {
                return false;
            }
            value.append(text.charAt(at));
        }
        return false;
    }

    private String token() {
        int start = at;
        while (at < text.length() && FieldSyntax.isTokenChar(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private String bareToken() {
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && !FieldSyntax.isBlank(text.charAt(at))) {
            at++;
        }
        return text.substring(start, at);
    }

    private void skipBlanks() {
        while (at < text.length() && FieldSyntax.isBlank(text.charAt(at))) {
            at++;
        }
    }

    private void skipCommas() {
        while (at < text.length() && (FieldSyntax.isBlank(text.charAt(at)) || text.charAt(at) == ',')) {
            at++;
        }
    }
}
