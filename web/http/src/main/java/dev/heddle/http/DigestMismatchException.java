package dev.heddle.http;

/**
 * The failure of a request whose answer is not what its {@code Content-Digest} or {@code Repr-Digest} says (RFC 9530), or
 * whose digest is malformed: bytes were lost or changed on the way.
 */
public final class DigestMismatchException extends BadReplyException {

    private static final long serialVersionUID = 1L;

    public DigestMismatchException(String message) {
        super(message);
    }
}
