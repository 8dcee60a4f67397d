package dev.heddle.http3;

import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.quic.internal.QuicheClock;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimNetwork;
import dev.heddle.sim.SimOptions;
import dev.heddle.tls.ClientTls;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.TlsAuthority;
import dev.heddle.tls.TlsIdentity;
import dev.heddle.tls.TlsTrust;
import java.time.Duration;

/** A server that speaks HTTP/3 and one who asks it, on two simulated hosts: {@code server} and {@code client}. */
final class SimHttp3 {

    static final String ORIGIN = "https://server";

    private static final TlsAuthority AUTHORITY = TlsAuthority.create("tests", Duration.ofDays(9));

    /** What a client trusts. */
    static final TlsTrust TRUST = AUTHORITY.trust();

    private static final TlsIdentity SERVER = AUTHORITY.issue(Duration.ofDays(8), "server");

    private SimHttp3() {}

    /** What is done on the client's host. */
    interface Body {
        void run(SimNetwork network) throws Exception;
    }

    /** The same, with a client. */
    interface ClientBody {
        void run(SimNetwork network, HttpClient client) throws Exception;
    }

    /** Runs a body beside a server, which answers what the builder says. */
    static void with(SimOptions options, HttpServer.Builder builder, Body body) {
        QuicheClock.install();
        Sim.run(options, sim -> {
            SimNetwork network = sim.network();
            HttpServer server = builder.tls(ServerTls.of(SERVER)).http3().build();
            Task<Void> serving = network.host("server").spawn(() -> server.serve("0.0.0.0", 443));
            network.host("client").run(() -> {
                body.run(network);
                return null;
            });
            network.heal();
            server.close();
            serving.join();
        });
    }

    /** The same with a client, which has not heard of HTTP/3 yet. */
    static void withClient(SimOptions options, HttpServer.Builder builder, ClientBody body) {
        with(options, builder, network -> {
            try (HttpClient client = HttpClient.builder()
                    .tls(ClientTls.DEFAULT.withTrust(TRUST))
                    .http3()
                    .build()) {
                body.run(network, client);
            }
        });
    }
}
