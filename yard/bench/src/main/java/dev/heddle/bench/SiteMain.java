package dev.heddle.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Locale;

/** The main program of a server of the site in a JVM; it does as {@link EchoMain} does. */
final class SiteMain {

    private SiteMain() {}

    /** Takes the kind of the server and the mode. */
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        EchoMain.serve(start(args[0], SiteMode.valueOf(args[1].toUpperCase(Locale.ROOT))));
    }

    private static EchoMain.Ready start(String kind, SiteMode mode) throws IOException, GeneralSecurityException {
        return switch (kind) {
            case "heddle", "heddle-openssl" -> SiteHeddle.start(mode);
            case "netty-epoll", "netty-io_uring" -> SiteNetty.start(kind, mode);
            case "vertx" -> SiteVertx.start(mode);
            case "helidon" -> SiteHelidon.start(mode);
            case "jetty" -> SiteJetty.start(mode);
            case "jdk" -> SiteJdk.start(mode);
            default -> throw new IllegalArgumentException("no server is named " + kind);
        };
    }
}
