package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import dev.heddle.http.internal.syntax.FieldDictionary;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of digests (RFC 9530): which bytes they are of, what they say, and what a peer wants of them. */
public final class DigestFields {

    /** Of the bytes of this message, in their coding (section 2). */
    public static final String CONTENT = "Content-Digest";

    /** Of all bytes of the representation, in their coding, also beside a part of it (section 3). */
    public static final String REPRESENTATION = "Repr-Digest";

    /** All that hold for the bytes as they are, with those of RFC 3230 and RFC 1864. */
    private static final List<String> ALL = List.of(CONTENT, REPRESENTATION, "Digest", "Content-MD5");

    private DigestFields() {}

    /** The fields of a message whose body has become another one, without the digests of what it was. */
    public static Headers removed(Headers headers) {
        Headers left = headers;
        for (String name : ALL) {
            left = left.without(name);
        }
        return left;
    }

    /** The algorithm of the digest that a peer wants, by {@code Want-} and the name of the field (section 4). */
    public static Optional<DigestAlgorithm> wanted(Headers asked, String field) {
        Map<String, String> weights = FieldDictionary.parse(String.join(", ", asked.all("Want-" + field)));
        return weights == null ? Optional.empty() : DigestAlgorithm.wanted(weights);
    }

    /**
     * What a field says, of the algorithms that are known.
     *
     * @throws IllegalArgumentException if it is malformed, which makes the message malformed (RFC 9651, section 4.2)
     */
    static Map<DigestAlgorithm, byte[]> read(Headers headers, String field) {
        var said = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        if (!headers.contains(field)) {
            return said;
        }
        Map<String, String> members = FieldDictionary.parse(String.join(", ", headers.all(field)));
        if (members == null) {
            throw new IllegalArgumentException("it is no dictionary");
        }
        members.forEach((key, item) -> DigestAlgorithm.of(key).ifPresent(known -> said.put(known, bytes(item))));
        return said;
    }

    private static byte[] bytes(String item) {
        if (item.length() < 2 || !item.startsWith(":") || !item.endsWith(":")) {
            throw new IllegalArgumentException("it is no byte sequence");
        }
        return Base64.getDecoder().decode(item.substring(1, item.length() - 1));
    }
}
