package dev.heddle.http.internal.syntax;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of the JDK, all of which every JDK has. */
public final class Hash {

    private Hash() {}

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
