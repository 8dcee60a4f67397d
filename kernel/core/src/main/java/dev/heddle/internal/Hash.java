package dev.heddle.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes that every JDK has. */
public final class Hash {

    private Hash() {}

    /** SHA-256 of a text in UTF-8. */
    public static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 of some bytes. */
    public static byte[] sha256(byte[] bytes) {
        return of("SHA-256", bytes);
    }

    /**
     * The hash of some bytes.
     *
     * @param algorithm as the JDK names it
     */
    public static byte[] of(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }
}
