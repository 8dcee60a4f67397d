package dev.heddle.http.internal.form;

import dev.heddle.http.StatusException;
import dev.heddle.http.internal.syntax.FieldParameters;
import org.jspecify.annotations.Nullable;

/** The boundary that the Content-Type of a {@code multipart/form-data} body names (RFC 2046, section 5.1.1). */
public final class MultipartBoundary {

    private static final int MAX_LENGTH = 70;

    private MultipartBoundary() {}

    /**
     * The boundary.
     *
     * @throws StatusException 400 if there is none or a bad one
     */
    public static String of(@Nullable String contentType) {
        FieldParameters parameters = contentType == null ? null : FieldParameters.parse(contentType);
        String boundary = parameters == null ? null : parameters.get("boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_LENGTH || boundary.endsWith(" ")) {
            throw bad();
        }
        for (int i = 0; i < boundary.length(); i++) {
            if (!isBoundaryChar(boundary.charAt(i))) {
                throw bad();
            }
        }
        return boundary;
    }

    private static boolean isBoundaryChar(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || "'()+_,-./:=? ".indexOf(c) >= 0;
    }

    private static StatusException bad() {
        return new StatusException(400, "missing or bad boundary");
    }
}
