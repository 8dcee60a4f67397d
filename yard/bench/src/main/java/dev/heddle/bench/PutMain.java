package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The main program of a server in a JVM that takes bodies; it does as {@link EchoMain} does. What is put to {@code
 * /discard/NAME} is answered with its number of bytes, what is put to {@code /hash/NAME} with its SHA-256 in hex, and
 * what is put to {@code /save/NAME} is a file of that name afterwards.
 */
final class PutMain {

    static final String DISCARD_PATH = "/discard/";
    static final String HASH_PATH = "/hash/";
    static final String SAVE_PATH = "/save/";

    /** The room of what is read in one step, where a server leaves it to the application or to a setting. */
    static final int BUFFER_BYTES = 64 * 1024;

    static final String DIGEST = "SHA-256";

    private PutMain() {}

    /** Takes the kind of the server, the mode and the directory of files. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        EchoMain.serve(start(args[0], SiteMode.valueOf(args[1].toUpperCase(Locale.ROOT)), Path.of(args[2])));
    }

    private static EchoMain.Ready start(String kind, SiteMode mode, Path files)
            throws IOException, GeneralSecurityException {
        return switch (kind) {
            case "heddle", "heddle-openssl" -> PutHeddle.start(mode, files);
            case "netty-epoll" -> PutNetty.start(kind, mode, files);
            case "vertx" -> PutVertx.start(mode, files);
            case "jdk" -> PutJdk.start(mode, files);
            default -> throw new IllegalArgumentException("no server is named " + kind);
        };
    }

    static String hex(byte[] digest) {
        return HexFormat.of().formatHex(digest);
    }

    /** The last part of a path. */
    static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
