package dev.heddle.http.idempotency;

import dev.heddle.http.internal.codec.DigestAlgorithm;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The fingerprint of a request: a hash of its method, target and type, and of as much of its body as its handler has
 * read.
 */
final class Fingerprint implements Response.Copy {

    private final MessageDigest sum = DigestAlgorithm.SHA_256.begin();
    private long bytes;
    private boolean whole;

    Fingerprint(Request request) {
        String head = request.method() + "\n" + request.target() + "\n" + request.header("Content-Type").orElse("")
                + "\n";
        sum.update(head.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void add(byte[] read, int offset, int count) {
        sum.update(read, offset, count);
        bytes += count;
    }

    @Override
    public void finish() {
        whole = true;
    }

    @Override
    public void discard() {}

    /** How much of the body it has, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Whether that was all. */
    boolean isWhole() {
        return whole;
    }

    /** The hash, once. */
    byte[] end() {
        return sum.digest();
    }
}
