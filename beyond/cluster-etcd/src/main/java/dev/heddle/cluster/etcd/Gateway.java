package dev.heddle.cluster.etcd;

import static dev.heddle.cluster.etcd.GatewayException.Fate.NO_EFFECT;
import static dev.heddle.cluster.etcd.GatewayException.Fate.REFUSED;
import static dev.heddle.cluster.etcd.GatewayException.Fate.UNKNOWN;

import dev.heddle.Backoff;
import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.http.client.ClientLimits;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.ClientTimeouts;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.io.TlsException;
import dev.heddle.net.ConnectFailedException;
import dev.heddle.tls.ClientTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The gateways of an etcd's servers as one: asks one of them, and the next if it does not answer. For the tasks of one
 * loop.
 *
 * <p>What a failure means for a request follows the sources of etcd 3.4 to 3.6: it checks a request before it proposes
 * it, and applies all of a transaction or nothing.
 */
final class Gateway implements AutoCloseable {

    /** Most bytes of an answer: a page of the largest entries in base64, and their keys. */
    static final int MAX_ANSWER = 16 * 1024 * 1024;

    /** The shortest time that one server has for an answer. */
    private static final Duration MIN_PATIENCE = Duration.ofMillis(500);

    /** For this long a stream of changes goes on: until it ends. */
    private static final Duration ENDLESS = Duration.ofDays(36_500);

    private static final Backoff BETWEEN_ROUNDS = new Backoff(Duration.ofMillis(20), Duration.ofMillis(500), 0.5);

    /** What etcd says to who has to log in, perhaps once more. */
    private static final Set<String> NOT_LOGGED_IN = Set.of("etcdserver: invalid auth token",
            "etcdserver: user name is empty", "etcdserver: revision of auth store is old");

    private final List<String> endpoints;
    private final EtcdStore.@Nullable Login login;
    private final Duration timeout;
    private final Duration patience;
    private final HttpClient http;
    private final Loop loop = Heddle.currentLoop();
    private int current;
    private String token = "";
    private boolean loginNeeded;
    private String clusterId = "";
    private boolean stopped;

    /** @param timeout of the session */
    Gateway(List<String> endpoints, ClientTls tls, EtcdStore.@Nullable Login login, Duration timeout) {
        this.endpoints = endpoints;
        this.login = login;
        this.loginNeeded = login != null;
        this.timeout = timeout;
        Duration sixth = timeout.dividedBy(6);
        this.patience = sixth.compareTo(MIN_PATIENCE) < 0 ? MIN_PATIENCE : sixth;
        this.http = HttpClient.builder()
                .tls(tls)
                .json(EtcdAnswer.JSON)
                .followRedirects(false)
                .limits(ClientLimits.DEFAULT.withMaxConnections(2_000).withMaxConnectionsPerHost(2_000))
                .timeouts(ClientTimeouts.DEFAULT.withConnect(patience))
                .build();
    }

    int servers() {
        return endpoints.size();
    }

    /** How long one server has for an answer to what may be asked of another one, too. */
    Duration patience() {
        return patience;
    }

    /**
     * Asks until one server answers, at most for the session's timeout.
     *
     * @param local whether a server may answer that knows no leader
     * @param again whether a request that may have had its effect is sent again
     */
    EtcdAnswer call(String path, Map<String, ?> body, boolean local, boolean again) {
        long begin = loop.nanoTime();
        for (int failures = 1;; failures++) {
            try {
                // What is sent only once has more time, so that an election does not make it unknown.
                return once(path, body, again ? patience : longest(timeout.dividedBy(2), patience), local);
            } catch (GatewayException e) {
                boolean over = stopped || loop.nanoTime() - begin >= timeout.toNanos();
                if (e.fate() == REFUSED || over || (e.fate() == UNKNOWN && !again)) {
                    throw e;
                }
            }
            if (failures % endpoints.size() == 0) {
                Heddle.sleep(BETWEEN_ROUNDS.delay(failures / endpoints.size()));
            }
        }
    }

    /** Asks one server; if it does not answer, the next call asks the next one. */
    EtcdAnswer once(String path, Map<String, ?> body, Duration limit, boolean local) {
        String endpoint = endpoints.get(current);
        try {
            if (loginNeeded) {
                logIn(limit);
            }
            try (Reply reply = request(endpoint, path, body, local).timeout(limit).send()) {
                EtcdAnswer answer = answer(reply);
                requireSameCluster(answer.has("result") ? answer.object("result") : answer);
                return answer;
            }
        } catch (HeddleException e) {
            throw failed(endpoint, e);
        }
    }

    /**
     * Follows the changes that a server tells of; the next call asks the next one if it does not.
     *
     * @param idle the longest wait for the next message
     */
    GatewayStream stream(Map<String, ?> body, Duration idle) {
        String endpoint = endpoints.get(current);
        try {
            if (loginNeeded) {
                logIn(patience);
            }
            ClientRequest request = request(endpoint, "/v3/watch", body, false)
                    .timeouts(ClientTimeouts.DEFAULT.withTotal(ENDLESS).withConnect(patience).withRead(idle));
            // The first message comes at once.
            Reply reply = Heddle.timeout(patience, request::send);
            if (reply.status() != 200) {
                try (reply) {
                    throw refusal(reply);
                }
            }
            return new GatewayStream(reply, this, endpoint);
        } catch (HeddleException e) {
            throw failed(endpoint, e);
        }
    }

    private ClientRequest request(String endpoint, String path, Map<String, ?> body, boolean local) {
        ClientRequest request = http.request("POST", endpoint + path).json(body);
        if (!token.isEmpty()) {
            request.header("Authorization", token);
        }
        // A server without a leader says so at once, instead of waiting for one.
        return local ? request : request.header("Grpc-Metadata-hasleader", "true");
    }

    private void logIn(Duration limit) {
        EtcdStore.Login who = login;
        if (who == null) {
            return;
        }
        token = "";
        Map<String, String> body = Map.of("name", who.user(), "password", who.password());
        try (Reply reply = request(endpoints.get(current), "/v3/auth/authenticate", body, false).timeout(limit)
                .send()) {
            String given = answer(reply).text("token");
            if (!given.matches("[!-~]+")) {
                throw GatewayException.badAnswer("no token");
            }
            token = given;
        } catch (GatewayException e) {
            if (!e.detail().contains("authentication is not enabled")) {
                throw e;
            }
        }
        loginNeeded = false;
    }

    private static EtcdAnswer answer(Reply reply) {
        if (reply.status() != 200) {
            throw refusal(reply);
        }
        EtcdAnswer answer = EtcdAnswer.of(reply.bytes(MAX_ANSWER));
        if (answer.has("error")) {
            throw refusal(answer);
        }
        return answer;
    }

    private static GatewayException refusal(Reply reply) {
        int status = reply.status();
        byte[] body = reply.bytes(MAX_ANSWER);
        EtcdAnswer answer;
        try {
            answer = EtcdAnswer.of(body);
        } catch (GatewayException e) {
            return new GatewayException(status == 404 ? REFUSED : UNKNOWN,
                    status == 404 ? "the server has no gateway of version 3" : "status " + status, e);
        }
        return refusal(answer);
    }

    /** What etcd says, in the form of a call or in that of a stream. */
    static GatewayException refusal(EtcdAnswer answer) {
        EtcdAnswer error = answer.has("message") ? answer : answer.object("error");
        String message = error.text("message");
        long code = error.has("code") ? error.number("code") : error.number("grpc_code");
        return new GatewayException(fate(code, message), message, null);
    }

    /** @param code of gRPC */
    private static GatewayException.Fate fate(long code, String message) {
        return switch (message) {
            case "etcdserver: no leader", "etcdserver: too many requests", "etcdserver: not capable",
                    "raft proposal dropped" ->
                NO_EFFECT;
            default -> switch ((int) code) {
                // Invalid, not found, exists, denied, exhausted, wrong state, out of range, unimplemented, no login.
                case 3, 5, 6, 7, 8, 9, 11, 12, 16 -> REFUSED;
                // Cancelled, unavailable, out of time, and whatever there may be.
                default -> UNKNOWN;
            };
        };
    }

    /** The failure of a request to a server, which is not asked the next time. A cancel stays one. */
    HeddleException failed(String endpoint, HeddleException failure) {
        GatewayException known = switch (failure) {
            case CancelledException cancel -> throw cancel;
            case GatewayException said -> said;
            case ConnectFailedException none -> new GatewayException(NO_EFFECT, none.getMessage(), none);
            case TlsException tls when tls.isUntrusted() -> new GatewayException(NO_EFFECT, tls.getMessage(), tls);
            default -> new GatewayException(UNKNOWN, failure.getMessage(), failure);
        };
        if (login != null && NOT_LOGGED_IN.contains(known.detail())) {
            loginNeeded = true;
            return new GatewayException(NO_EFFECT, known.detail(), known);
        }
        if (known.fate() != REFUSED && endpoint.equals(endpoints.get(current))) {
            current = (current + 1) % endpoints.size();
        }
        return known;
    }

    /** Endpoints of two clusters, given as those of one, must not be taken for one store. */
    void requireSameCluster(EtcdAnswer answer) {
        String id = answer.object("header").text("cluster_id");
        if (clusterId.isEmpty()) {
            clusterId = id;
        } else if (!clusterId.equals(id)) {
            throw GatewayException.badAnswer("it comes from another etcd: " + id + ", not " + clusterId);
        }
    }

    /** From now on nothing is tried again. */
    void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        http.close();
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
