package dev.heddle.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.ScriptedServer;
import dev.heddle.http.internal.client.call.ClientBody;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.syntax.PasswordField;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The passwords of a netrc file go to the hosts they are for, and to no others. */
final class NetrcTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    Path directory;

    /** What is said to this URL before the server has asked. */
    private static String said(String file, String url) {
        var hop = new RequestHop("GET", ClientUrl.parse(url), Headers.EMPTY, ClientBody.NONE);
        Auth auth = Netrc.parse(file).authFor(hop);
        return auth == null ? "" : auth.first(new AuthTarget("GET", URI.create(url), "/", "")).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "machine h.example login me password secret",
            "machine h.example\n\tlogin me\r\n\tpassword secret\r\n",
            "machine H.Example. password secret user me account x",
            "\ufeff# all of it\nmachine h.example login me password secret # mine",
            "default login other password x machine h.example login me password secret",
            "machine h.example login me password secret machine h.example login you password y",
            "machine other login x password y\nmacdef init\nmachine h.example login evil password e\n\n"
                    + "machine h.example login me password secret",
            "machine \"h.example\" login \"me\" password \"se\\cret\"",
            "machine h.example macdef m\ncd x\n \t\nls\r\n\r\nlogin me password secret",
            "default login me password secret",
            "machine h.exampleX login no password x machine example login no password x default login me password secret"
    })
    void passwordOfAHostIsFound(String file) {
        assertEquals(PasswordField.of("me", "secret"), said(file, "https://h.example/"));
        assertEquals(PasswordField.of("me", "secret"), said(file, "https://H.EXAMPLE.:8443/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "",
            "# machine h.example login me password secret",
            "machine g.example login me password secret",
            "machine example login me password secret",
            "machine h.example.org login me password secret",
            "machine h.example login me",
            "machine h.example password secret default login me password secret",
            "macdef x\nmachine h.example login me password secret",
            "machine a password \"machine\" login \"h.example\""
    })
    void hostWithoutAnEntryOfItsOwnGetsNothing(String file) {
        assertEquals("", said(file, "https://h.example/"));
    }

    @Test
    void quotedWordsMayHaveEverything() {
        assertEquals(PasswordField.of("a b", "# \"x\\y\"\n\r\tz"),
                said("machine h login \"a b\" password \"# \\\"x\\\\y\\\"\\n\\r\\tz\"", "https://h/"));
        assertEquals(PasswordField.of("", ""), said("machine h login \"\" password \"\"", "https://h/"));
        assertEquals(PasswordField.of("a\"b", "p\\n#"), said("machine h login a\"b password p\\n#", "https://h/"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "machine h login me secret | 1 | a word that is none of",
            "machine h;login me;\"password\" secret | 3 | a word that is none of",
            "login me password secret | 1 | an entry that does not begin with machine",
            "machine h login me;login secret | 2 | the same for the second time",
            "machine h password;;; | 1 | a word that has no value",
            "machine | 1 | a word that has no value",
            "machine h;password #secret;machine g | 2 | a comment instead of a value",
            "machine h password \"secret;\" | 1 | a quote that does not end",
            "machine h password \"secret\"secret | 1 | something right behind a quote",
            "machine h login secret:x password y;machine g | 2 | a login with a colon"
    })
    void malformedFileIsRefusedByTheLineWithoutWhatItSays(String file, int line, String what) {
        var e = assertThrows(IllegalArgumentException.class, () -> Netrc.parse(file.replace(';', '\n')));
        assertTrue(e.getMessage().startsWith("no netrc file: line " + line + " has " + what), e.getMessage());
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
            "https://h/, true", "http://h/, false", "http://localhost:8080/, true", "http://127.0.0.5/, true",
            "http://[::1]/, true", "http://localhost.h/, false"
    })
    void passwordGoesByHttpsOrToThisMachine(String url, boolean expected) {
        assertEquals(expected, !said("default login me password secret", url).isEmpty());
    }

    @SimTest(seeds = 2)
    void redirectToAnotherOriginTakesNothingOfTheFileAlong() {
        String to = "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ";
        try (var server = ScriptedServer.of(peer -> {
            while (peer.hasRequest()) {
                String head = peer.lastRequest();
                peer.send(head.startsWith("GET /same ")
                        ? to + "/end\r\n\r\n"
                        : head.startsWith("GET /away ")
                                ? to + "http://127.0.0.1:81/end\r\n\r\n"
                                : head.startsWith("GET /port ") ? to + "http://localhost:81/end\r\n\r\n" : OK);
            }
        });
                var http = server.client().netrc(Netrc.parse(
                        "machine localhost login a password b machine 127.0.0.1 login c password d "
                                + "default login e password f"))
                        .build()) {
            http.get("http://localhost/same").text();
            http.get("http://localhost/away").text();
            http.get("http://localhost/port").text();
            http.get("http://plain.example/").text();
            http.request("GET", "http://localhost/own").bearerAuth("t").send().text();
            String mine = PasswordField.of("a", "b");
            assertEquals(List.of(mine, mine, mine, "", mine, "", "", "Bearer t"),
                    server.requests.stream().map(NetrcTest::authorization).toList());
        }
    }

    private static String authorization(String head) {
        return head.lines().filter(line -> line.startsWith("Authorization: ")).findFirst().orElse("Authorization: ")
                .substring("Authorization: ".length());
    }

    @Test
    void whatTheClientSaysComesFirst() {
        Sim.run(1, () -> {
            try (var server = ScriptedServer.answering(OK);
                    var http = server.client().netrc(Netrc.parse("default login a password b"))
                            .auth("http://localhost/", Auth.basic("mine", "x"))
                            .build()) {
                http.get("http://localhost/").text();
                http.get("http://127.0.0.1/").text();
                assertTrue(server.requests.getFirst().contains(PasswordField.of("mine", "x")));
                assertTrue(server.requests.getLast().contains(PasswordField.of("a", "b")));
            }
        });
    }

    @Test
    void fileThatOthersMayReadOrChangeIsRefused() throws IOException {
        Path file = directory.resolve("netrc");
        Files.writeString(file, "machine h login me password secret");
        for (String bad : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(bad));
            var e = assertThrows(FileSystemException.class, () -> Netrc.read(file));
            assertTrue(e.getMessage().endsWith("do: chmod 600 " + file), e.getMessage());
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals("Netrc[1 hosts]", Netrc.read(file).toString());
        Files.writeString(file, "#".repeat(Netrc.MAX_BYTES + 1));
        assertThrows(FileSystemException.class, () -> Netrc.read(file));
        assertThrows(NoSuchFileException.class, () -> Netrc.read(directory.resolve("none")));
    }

    @Test
    void namedPipeIsRefusedByNameAndHoldsNoLoop() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", "-m", "600", fifo.toString()).start().waitFor());
        Heddle.run(() -> {
            var e = assertThrows(FileSystemException.class, () -> Netrc.read(fifo));
            assertTrue(e.getMessage().startsWith(fifo + ": a named pipe"), e.getMessage());
        });
    }

    @Test
    void fileIsTheOneOfTheEnvironmentOrOfTheHome() {
        assertEquals(Path.of("/home/me/.netrc"), Netrc.place(Map.of(), "/home/me"));
        assertEquals(Path.of("/home/me/.netrc"), Netrc.place(Map.of("NETRC", ""), "/home/me"));
        assertEquals(Path.of("/etc/x"), Netrc.place(Map.of("NETRC", "/etc/x"), "/home/me"));
        assertEquals("Netrc[1 hosts and a default]",
                Netrc.parse("machine a login b password c default").toString());
    }
}
