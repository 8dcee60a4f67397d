package dev.heddle.http.internal.codec;

import dev.heddle.http.Headers;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The check of a message's bytes, as they go by, against the digests that its head or its trailers name (RFC 9530). All
 * that are given and known must match. Owned by the task that reads.
 */
public final class DigestCheck {

    /** A message whose digests do not match its bytes, or are malformed. */
    public static final class Mismatch extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final String field;
        private final String reason;

        private Mismatch(String field, String reason) {
            super(reason);
            this.field = field;
            this.reason = reason;
        }

        /** What is wrong, fit for the peer's eyes. */
        public String reason() {
            return reason;
        }

        /** The name of the field. */
        public String field() {
            return field;
        }
    }

    private final Headers head;
    private final boolean isWhole;
    private final Map<DigestAlgorithm, MessageDigest> sums = new EnumMap<>(DigestAlgorithm.class);

    /** What the bytes came to, once they have ended. */
    private @Nullable Map<DigestAlgorithm, byte[]> digests;

    private DigestCheck(Headers head, boolean isWhole) {
        this.head = head;
        this.isWhole = isWhole;
        boolean isAnnounced = RequestHead.listHas(head, "Trailer", DigestFields.CONTENT)
                || RequestHead.listHas(head, "Trailer", DigestFields.REPRESENTATION);
        for (DigestAlgorithm each : DigestAlgorithm.values()) {
            if (isAnnounced || read(head, DigestFields.CONTENT).containsKey(each)
                    || (isWhole && read(head, DigestFields.REPRESENTATION).containsKey(each))) {
                sums.put(each, each.begin());
            }
        }
    }

    /**
     * Begins to check a message; null if it names no digest that is known.
     *
     * @param isWhole whether its content is all of a representation, and no part
     * @throws Mismatch if a field is malformed
     */
    public static @Nullable DigestCheck of(Headers head, boolean isWhole) {
        var check = new DigestCheck(head, isWhole);
        return check.sums.isEmpty() ? null : check;
    }

    /** Takes the next bytes. */
    public void add(byte[] bytes, int offset, int count) {
        for (MessageDigest sum : sums.values()) {
            sum.update(bytes, offset, count);
        }
    }

    /**
     * Checks what came, now that it has ended; again with the same result.
     *
     * @throws Mismatch if it is not what the head or the trailers say
     */
    public void end(Headers trailers) {
        Map<DigestAlgorithm, byte[]> came = digests;
        if (came == null) {
            came = new EnumMap<>(DigestAlgorithm.class);
            for (Map.Entry<DigestAlgorithm, MessageDigest> sum : sums.entrySet()) {
                came.put(sum.getKey(), sum.getValue().digest());
            }
            digests = came;
        }
        for (Headers fields : new Headers[]{head, trailers}) {
            compare(came, fields, DigestFields.CONTENT);
            if (isWhole) {
                compare(came, fields, DigestFields.REPRESENTATION);
            }
        }
    }

    private static void compare(Map<DigestAlgorithm, byte[]> came, Headers fields, String field) {
        read(fields, field).forEach((algorithm, said) -> {
            byte[] digest = came.get(algorithm);
            if (digest != null && !MessageDigest.isEqual(digest, said)) {
                throw new Mismatch(field, "the body is not what its " + field + " says by " + algorithm);
            }
        });
    }

    private static Map<DigestAlgorithm, byte[]> read(Headers fields, String field) {
        try {
            return DigestFields.read(fields, field);
        } catch (IllegalArgumentException e) {
            throw new Mismatch(field, "the " + field + " is malformed");
        }
    }
}
