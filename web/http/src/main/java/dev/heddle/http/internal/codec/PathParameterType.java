package dev.heddle.http.internal.codec;

import dev.heddle.http.internal.syntax.WholeNumber;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The type of a path parameter, from the narrowest to the widest: the order in which they are tried. */
public enum PathParameterType {
    INT,
    LONG,
    UUID,
    TEXT;

    private static final int UUID_LENGTH = 36;

    /** Whether the place takes a segment, decoded; one that it does not take is no such path. */
    public boolean takes(String segment) {
        return switch (this) {
            case INT -> {
                Long value = WholeNumber.parse(segment);
                yield value != null && value == value.intValue();
            }
            case LONG -> WholeNumber.parse(segment) != null;
            case UUID -> uuid(segment) != null;
            case TEXT -> !segment.isEmpty();
        };
    }

    /** The kind that is written so in a route, or null. */
    static @Nullable PathParameterType named(String name) {
        return switch (name) {
            case "int" -> INT;
            case "long" -> LONG;
            case "uuid" -> UUID;
            default -> null;
        };
    }

    /** How it stands among a route's segments; no literal has braces, so nothing else is equal to it. */
    String mark() {
        return "{" + name().toLowerCase(Locale.ROOT) + "}";
    }

    /** The kind of a segment of a route, or null if it is no place. */
    public static @Nullable PathParameterType ofMark(String segment) {
        for (PathParameterType kind : values()) {
            if (kind.mark().equals(segment)) {
                return kind;
            }
        }
        return null;
    }

    /** A UUID as RFC 9562, section 4 writes it; the JDK's own parser takes much else. Null if it is none. */
    public static java.util.@Nullable UUID uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return null;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? c != '-' : c >= 128 || Character.digit(c, 16) < 0) {
                return null;
            }
        }
        return java.util.UUID.fromString(text);
    }
}
