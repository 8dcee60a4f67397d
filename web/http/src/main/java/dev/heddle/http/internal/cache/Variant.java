package dev.heddle.http.internal.cache;

import dev.heddle.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The one of several answers of a URL that is right for requests like the one that it was given to (RFC 9111, section
 * 4.1): by the fields that Vary names, and by those of its cache's scope.
 *
 * @param names fields of the request, in lower case
 * @param values what these were; nothing for one that was not sent
 */
record Variant(List<String> names, List<Optional<String>> values) {

    /** The one that a response to this request is. */
    static Variant of(Headers response, RequestFields request, CacheScope scope) {
        var names = new TreeSet<>(scope.keyFields());
        names.addAll(varied(response));
        return new Variant(List.copyOf(names), values(names, request));
    }

    /** The one that a request with these names is. */
    static Variant of(List<String> names, RequestFields request) {
        return new Variant(names, values(names, request));
    }

    /** Whether the request had a field that counts here. */
    boolean has(String name) {
        int at = names.indexOf(name);
        return at >= 0 && values.get(at).isPresent();
    }

    /** The names and values in one form, so that no two are the same. */
    byte[] toBytes() {
        var text = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String value = values.get(i).orElse(null);
            text.append(names.get(i)).append(value == null ? "-" : "=" + value.length() + ":" + value).append('\n');
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<Optional<String>> values(Iterable<String> names, RequestFields request) {
        var values = new ArrayList<Optional<String>>();
        for (String name : names) {
            values.add(Optional.ofNullable(request.value(name)));
        }
        return List.copyOf(values);
    }

    /** Whether the response is for its own request only. */
    static boolean isNeverTheSame(Headers response) {
        return varied(response).contains("*");
    }

    private static List<String> varied(Headers response) {
        var names = new ArrayList<String>(2);
        for (String field : response.all("Vary")) {
            for (String name : field.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    /** Whether it is right for this request. */
    boolean matches(RequestFields request) {
        return values.equals(values(names, request));
    }

    /** What a request has in the fields by which this one differs from others, in one text. */
    String keyOf(RequestFields request) {
        return names + "=" + values(names, request);
    }

    /** The characters that it holds. */
    long length() {
        long length = 0;
        for (int i = 0; i < names.size(); i++) {
            length += names.get(i).length() + values.get(i).map(String::length).orElse(0);
        }
        return length;
    }

    /** The names; the values may be secret. */
    @Override
    public String toString() {
        return "Variant" + names;
    }
}
