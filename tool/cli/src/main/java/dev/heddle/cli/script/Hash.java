package dev.heddle.cli.script;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256. */
final class Hash {

    static final int BYTES = 32;

    private Hash() {}

    static byte[] of(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }

    static String text(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }

    static String text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }
}
