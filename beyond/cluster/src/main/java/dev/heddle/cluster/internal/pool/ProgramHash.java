package dev.heddle.cluster.internal.pool;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The hash of what a program consists of: the contents of its class path, in their order, wherever they lie. */
public final class ProgramHash {

    private static final int HEX_DIGITS = 16;
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));

    private ProgramHash() {}

    /** Read once. */
    private static final class This {
        static final String HASH = ofThisJvm();
    }

    /** That of this JVM. Reads all of the class path, the first time. */
    public static String ofThis() {
        return This.HASH;
    }

    private static String ofThisJvm() {
        String path = System.getProperty("jdk.module.path", "") + File.pathSeparator
                + System.getProperty("java.class.path", "");
        return of(SEPARATOR.splitAsStream(path).filter(each -> !each.isEmpty()).map(Path::of).toList());
    }

    static String of(List<Path> places) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (Path place : places) {
                for (Path file : files(place)) {
                    if (!place.equals(file)) { // a jar may be called as it likes
                        hash.update(place.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
                    }
                    hash.update(digest(file));
                }
            }
            return HexFormat.of().formatHex(hash.digest()).substring(0, HEX_DIGITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> files(Path place) throws IOException {
        if (!Files.exists(place)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(place)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static byte[] digest(Path file) throws IOException, NoSuchAlgorithmException {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return hash.digest();
    }
}
