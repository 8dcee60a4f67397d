package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldSyntax;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The media types of questions that a resource takes by QUERY, and the field that tells them (RFC 10008, section 3). */
public final class QueryTypes {

    public static final String FIELD = "Accept-Query";

    private QueryTypes() {}

    /**
     * Types as a route names them, in lower case.
     *
     * @throws IllegalArgumentException if one is no media type, and no range such as {@code text/*}
     */
    public static List<String> checked(String... types) {
        List<String> checked = new ArrayList<>();
        for (String type : types) {
            int slash = type.indexOf('/');
            if (slash < 0 || !FieldSyntax.isToken(type.substring(0, slash))
                    || !FieldSyntax.isToken(type.substring(slash + 1))) {
                throw new IllegalArgumentException("not a media type: " + FieldSyntax.printable(type));
            }
            checked.add(type.toLowerCase(Locale.ROOT));
        }
        return List.copyOf(checked);
    }

    /** The value of the field: a list of strings, since a type may begin with what a token of such lists must not. */
    public static String field(Collection<String> types) {
        return '"' + String.join("\", \"", types) + '"';
    }

    /**
     * Refuses a question of another type.
     *
     * @return the fields that tell the types
     * @throws StatusException 400 if it has no type, 415 if that is none of these
     */
    public static Headers check(Headers asked, List<String> types) {
        Headers told = Headers.of(FIELD, field(types));
        String type = BodyType.of(asked);
        if (type.isEmpty()) {
            throw new StatusException(400, "a QUERY must have a Content-Type", told);
        }
        String range = type.substring(0, type.indexOf('/') + 1) + '*';
        if (!types.contains(type) && !types.contains(range) && !types.contains("*/*")) {
            throw new StatusException(415, "the Content-Type must be one of: " + String.join(", ", types), told);
        }
        return told;
    }
}
