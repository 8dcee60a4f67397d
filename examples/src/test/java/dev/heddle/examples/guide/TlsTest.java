package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.heddle.Task;
import dev.heddle.examples.Output;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Response;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MemoryStreams;
import dev.heddle.net.Listener;
import dev.heddle.sim.Sim;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsSession;
import dev.heddle.tls.TlsTrust;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on TLS. */
final class TlsTest {

    private static void greet(ByteStream stream) {
        stream.write("hello " + stream.readLine(1024).orElse("nobody") + "\n");
    }

    private static void serve(ServerTls tls) {
        try (Listener listener = Tls.listen("127.0.0.1", 0, tls)) {
            listener.serve(1_000, stream -> greet(stream));
        }
    }

    private static void talk(int port, ClientTls tls) {
        try (ByteStream stream = Tls.connect("localhost", port, tls)) {
            stream.write("Ada\n");
            IO.println(stream.readLine(1024).orElse("no answer"));
        }
    }

    private static ServerTls fromFiles() {
        ServerTls tls = ServerTls.of(TlsIdentity.pem(Path.of("fullchain.pem"), Path.of("privkey.pem")));
        return tls;
    }

    private static ServerTls holdsAgainstQuantumComputers(TlsIdentity identity) {
        ServerTls strict = ServerTls.of(identity).withGroups(List.of("X25519MLKEM768"));     // no client without it
        return strict;
    }

    private static String options(TlsIdentity main, TlsIdentity other) {
        ClientTls client = ClientTls.DEFAULT
                .withTrust(TlsTrust.pem(Path.of("our-authority.pem")))     // instead of the JVM's authorities
                .withIdentity(TlsIdentity.pem(Path.of("me.pem"), Path.of("me-key.pem")))
                .withProtocols("h2", "http/1.1");

        ServerTls server = ServerTls.of(main)
                .withName("other.example", other)                          // another certificate for another name
                .withClientsNeeded(TlsTrust.pem(Path.of("our-authority.pem")));
        return client + " and " + server;
    }

    @Test
    void serverAndAClient() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost", "127.0.0.1");
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        List<String> lines = Output.of(() -> Sim.run(() -> {
            try (Listener listener = Tls.listen("127.0.0.1", 0, ServerTls.of(identity))) {
                spawn("server", () -> listener.serve(1_000, stream -> greet(stream)));
                talk(listener.port(), client);
            }
            Task<Void> server = spawn(() -> serve(ServerTls.of(identity)));
            checkpoint();
            server.cancel("the example is over");
        }));
        assertEquals(List.of("hello Ada"), lines);
    }

    @Test
    void filesThatAreMissingAreNamed() {
        assertThrows(UncheckedIOException.class, TlsTest::fromFiles);
        TlsIdentity identity = TlsIdentity.selfSigned("localhost");
        assertThrows(UncheckedIOException.class, () -> options(identity, identity));
    }

    private static void serveMail(ByteStream plain, ServerTls tls) {
        plain.write("220 ready\r\n");
        plain.readLine(1000);                                     // STARTTLS
        plain.write("220 go ahead\r\n");
        try (ByteStream secure = Tls.upgradeServer(plain, tls)) {
            secure.write("250 hello " + secure.readLine(1000).orElse("") + "\r\n");
        }
    }

    @Test
    void conversationGoesOnUnderTls() {
        TlsIdentity identity = TlsIdentity.selfSigned("mail.example");
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn(() -> serveMail(pair.right(), ServerTls.of(identity)));
                ByteStream plain = pair.left();
                plain.readLine(1000);
                plain.write("STARTTLS\r\n");
                plain.readLine(1000);
                try (ByteStream secure = Tls.upgradeClient(plain, "mail.example", client)) {
                    secure.write("client.example\r\n");
                    assertEquals("250 hello client.example", secure.readLine(1000).orElseThrow());
                }
            }
        });
    }

    @Test
    void bothEndsInOneTest() {
        Sim.run(() -> {
            TlsIdentity identity = TlsIdentity.selfSigned("localhost");
            ServerTls server = ServerTls.of(identity);
            ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));

            try (var pair = MemoryStreams.pair()) {
                spawn(() -> greet(Tls.upgradeServer(pair.right(), server)));
                ByteStream stream = Tls.upgradeClient(pair.left(), "localhost", client);
                stream.write("Ada\n");
                assertEquals("hello Ada", stream.readLine(100).orElseThrow());
            }
        });
    }

    @Test
    void whatBothSidesHaveAgreedOn() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost");
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate())).withProtocols("h2",
                "http/1.1");
        Sim.run(() -> {
            try (var pair = MemoryStreams.pair()) {
                spawn(() -> greet(Tls.upgradeServer(pair.right(), ServerTls.of(identity).withProtocols("h2"))));
                try (ByteStream stream = Tls.upgradeClient(pair.left(), "localhost", client)) {
                    TlsSession session = Tls.session(stream).orElseThrow();     // waits for the handshake
                    String protocol = session.protocol();                       // "h2", if both named it with withProtocols
                    assertEquals("h2", protocol);
                }
            }
        });
    }

    @Test
    void httpTakesTheSameOptions() {
        TlsIdentity identity = TlsIdentity.selfSigned("localhost");
        ClientTls client = ClientTls.DEFAULT.withTrust(TlsTrust.of(identity.certificate()));
        ServerTls server = ServerTls.of(identity);
        Sim.run(() -> {
            HttpServer.Builder pages = HttpServer.builder().get("/", request -> Response.text("hello"));
            try (HttpServer running = pages.tls(server).start("127.0.0.1", 0);
                    HttpClient http = HttpClient.builder().tls(client).build()) {
                assertEquals("hello", http.get("https://localhost:" + running.port() + "/").text());
            }
        });
    }
}
