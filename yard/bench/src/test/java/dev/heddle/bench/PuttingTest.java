package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each server that takes bodies does with them what it says. */
@Tag("night")
final class PuttingTest {

    private static final int BYTES = 300_000;

    @TempDir
    private Path directory;

    static Stream<Arguments> servers() {
        return Stream.of(
                Stream.of(SiteServer.NGINX, SiteServer.NETTY_EPOLL, SiteServer.VERTX, SiteServer.JDK,
                        SiteServer.AIOHTTP, SiteServer.HEDDLE_NIO)
                        .flatMap(server -> Stream.of(SiteMode.PLAIN, SiteMode.TLS)
                                .map(mode -> Arguments.of(server, mode))),
                Stream.of(SiteServer.NGINX, SiteServer.VERTX, SiteServer.HEDDLE_NIO)
                        .map(server -> Arguments.of(server, SiteMode.HTTP_2)))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void takesABody(SiteServer server, SiteMode mode) throws Exception {
        assumeTrue(SiteServerTest.canTakePart(server, mode) && Curl.NEED.isThere().getAsBoolean());
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(directory.resolve("body"), bytes);
        Path saved = Files.createDirectory(directory.resolve("saved"));
        for (Path each : List.of(directory, saved)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        try (SiteProcess process = Putting.start(server, mode, saved, () -> {})) {
            assertEquals(BYTES, put(process, PutMain.SAVE_PATH, file).sentBytes());
            assertArrayEquals(bytes, Files.readAllBytes(saved.resolve("0")));
            if (server != SiteServer.NGINX) {
                assertEquals(Integer.toString(BYTES), put(process, PutMain.DISCARD_PATH, file).body());
                assertEquals(
                        PutMain.hex(MessageDigest.getInstance(PutMain.DIGEST).digest(bytes)),
                        put(process, PutMain.HASH_PATH, file).body());
            }
        }
    }

    private static Curl put(SiteProcess process, String path, Path file) throws IOException, InterruptedException {
        Curl answer = Curl.putAtOnce(List.of(process.url(path + "0")), file,
                List.of(process.mode() == SiteMode.HTTP_2 ? "--http2-prior-knowledge" : "--http1.1")).getFirst();
        assertEquals(2, answer.status() / 100, answer::toString);
        return answer;
    }
}
