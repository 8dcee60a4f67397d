package dev.heddle.cluster.etcd;

import dev.heddle.Heddle;
import dev.heddle.http.BodyWriter;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.tls.ServerTls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * An etcd in memory, as far as a store needs one: what it says follows the real one, and it does what a test tells it to
 * do wrong. For the tasks of one loop.
 */
final class FakeEtcd implements AutoCloseable {

    /** Something that a server does wrong with one request. */
    interface Fault {
        /** @param real what would be done and answered, when it is called */
        Response meet(Callable<Response> real) throws Exception;
    }

    private record Kv(String key, String value, long created, long changed, long version, long lease) {

        Map<String, Object> json(boolean keysOnly) {
            Map<String, Object> json = new HashMap<>(Map.of("key", base64(key), "create_revision", "" + created,
                    "mod_revision", "" + changed, "version", "" + version));
            if (!keysOnly) {
                json.put("value", value);
            }
            if (lease != 0) {
                json.put("lease", "" + lease);
            }
            return json;
        }
    }

    private record Change(long revision, String key, @Nullable Kv now) {}

    private static final class Lease {
        private long ttl;
        private long heardAt;
    }

    /** How many log in. */
    int logins;

    /** The least seconds of a lease. */
    long leastTtl = 2;

    /** Who may ask, if not everybody. */
    @Nullable String password;

    /** Changes that a message of a watch tells of. */
    int fragment = Integer.MAX_VALUE;

    /** The rest of what is cut comes so much later. */
    Duration fragmentPause = Duration.ZERO;

    /** So many messages of watches with changes come; then the connection is cut, once. */
    int messagesLeft = Integer.MAX_VALUE;

    String clusterId = "17";

    /** Transactions that have changed something. */
    int applied;

    private String token = "first.1";
    private long revision = 1;
    private long compacted;
    private TreeMap<String, Kv> now = new TreeMap<>();
    private final TreeMap<Long, TreeMap<String, Kv>> states = new TreeMap<>(Map.of(1L, now));
    private final List<Change> changes = new ArrayList<>();
    private final Map<Long, Lease> leases = new HashMap<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Map<Integer, Long> lagging = new HashMap<>();
    private final Set<Integer> leaderless = new HashSet<>();
    private final Map<String, Deque<Fault>> faults = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    private final String scheme;

    FakeEtcd(int servers) {
        this(servers, null);
    }

    FakeEtcd(int servers, @Nullable ServerTls tls) {
        scheme = tls == null ? "http://" : "https://";
        for (int i = 0; i < servers; i++) {
            HttpServer.Builder server = server(i);
            this.servers.add((tls == null ? server : server.tls(tls)).start("127.0.0.1", 0));
        }
    }

    String[] endpoints() {
        return servers.stream().map(server -> scheme + "127.0.0.1:" + server.port()).toArray(String[]::new);
    }

    EtcdStore store() {
        return EtcdStore.at(endpoints());
    }

    /** What the next requests of a path meet, one after another. */
    void faults(String path, Fault... next) {
        faults.computeIfAbsent(path, _ -> new ArrayDeque<>()).addAll(List.of(next));
    }

    /** The requests so far, each the number of its server and its path. */
    List<String> asked() {
        return asked;
    }

    /** Ends a server: nobody listens there any more. */
    void kill(int server) {
        servers.get(server).stop(Duration.ZERO);
    }

    /** A server that answers what it may alone from this state on. */
    void lag(int server) {
        lagging.put(server, revision);
    }

    /** A server that has lost sight of the leader, and perhaps of it again. */
    void leaderless(int server, boolean is) {
        if (is) {
            leaderless.add(server);
        } else {
            leaderless.remove(server);
            // A new leader gives each lease its whole time once more.
            leases.values().forEach(lease -> lease.heardAt = Heddle.currentLoop().nanoTime());
        }
    }

    void compact() {
        compacted = revision;
    }

    /** A snapshot is put back: revisions begin behind it. */
    void restore(long old) {
        revision = old;
        now = new TreeMap<>(states.get(old));
    }

    long revision() {
        return revision;
    }

    void revoke(long lease) {
        leases.remove(lease);
        List<String> gone = now.values().stream().filter(kv -> kv.lease == lease).map(Kv::key).toList();
        if (!gone.isEmpty()) {
            TreeMap<String, Kv> next = new TreeMap<>(now);
            gone.forEach(key -> remove(next, key));
            commit(next);
        }
    }

    void refuseTokens() {
        token = "next." + token;
    }

    int leases() {
        return leases.size();
    }

    /** Somebody else writes a key. */
    void put(String key) {
        TreeMap<String, Kv> next = new TreeMap<>(now);
        next.put(key, new Kv(key, "", revision + 1, revision + 1, 1, 0));
        commit(next);
    }

    boolean hasLease(long id) {
        return leases.containsKey(id);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(Duration.ZERO));
    }

    // ---- faults ----

    /** Says something, and does nothing. */
    static Fault says(int status, String body) {
        return _ -> Response.json(body).withStatus(status);
    }

    /** Says what etcd says, and does nothing. */
    static Fault fails(int status, int code, String message) {
        return says(status, error(code, message));
    }

    /** Does it, and the answer comes in part only. */
    static Fault losesTheAnswer() {
        return real -> {
            real.call();
            return Response.json("{");
        };
    }

    /** Does it later, and has no more to say. */
    static Fault doesItLater(Duration later) {
        return real -> {
            Heddle.currentLoop().spawn(() -> {
                Heddle.sleep(later);
                real.call();
            });
            return Response.json("{");
        };
    }

    /** Does nothing for long. */
    static Fault hangs() {
        return _ -> {
            Heddle.sleep(Duration.ofHours(1));
            return Response.empty();
        };
    }

    /** Takes its time. */
    static Fault slow(Duration time) {
        return real -> {
            Heddle.sleep(time);
            return real.call();
        };
    }

    /** Does it, and cuts the connection. */
    static Fault breaksTheConnection() {
        return real -> {
            real.call();
            return Response.stream("application/json", out -> {
                out.write('{');
                out.flush();
                throw new IllegalStateException("the connection is cut; this line in the log is meant");
            });
        };
    }

    static String error(int code, String message) {
        return "{\"error\":\"" + message + "\",\"message\":\"" + message + "\",\"code\":" + code + "}";
    }

    // ---- the servers ----

    private HttpServer.Builder server(int index) {
        var server = HttpServer.builder();
        route(server, index, "/v3/kv/txn", this::txn);
        route(server, index, "/v3/kv/range", body -> range(body, index));
        route(server, index, "/v3/lease/grant", this::grant);
        route(server, index, "/v3/lease/keepalive", this::keepAlive);
        route(server, index, "/v3/lease/revoke", body -> {
            long id = body.number("ID");
            if (!leases.containsKey(id)) {
                return fails(404, 5, "etcdserver: requested lease not found").meet(Response::empty);
            }
            revoke(id);
            return json(Map.of("header", header()));
        });
        route(server, index, "/v3/watch", body -> Response.stream("application/json", watch(body, index)));
        route(server, index, "/v3/auth/authenticate", body -> {
            logins++;
            if (password == null) {
                return fails(412, 9, "etcdserver: authentication is not enabled").meet(Response::empty);
            }
            return body.text("password").equals(password)
                    ? json(Map.of("header", header(), "token", token))
                    : fails(400, 3, "etcdserver: authentication failed, invalid user ID or password")
                            .meet(Response::empty);
        });
        return server;
    }

    private interface Handler {
        Response handle(EtcdAnswer body) throws Exception;
    }

    private void route(HttpServer.Builder server, int index, String path, Handler handler) {
        server.post(path, request -> {
            asked.add(index + path);
            EtcdAnswer body = EtcdAnswer.of(request.bytes(4 * 1024 * 1024));
            Deque<Fault> next = faults.get(path);
            Callable<Response> real = () -> {
                expire();
                Response refused = refusal(request, index, path);
                return refused != null ? refused : handler.handle(body);
            };
            return next == null || next.isEmpty() ? real.call() : next.remove().meet(real);
        });
    }

    private @Nullable Response refusal(Request request, int index, String path) throws Exception {
        if (leaderless.contains(index) && request.header("Grpc-Metadata-hasleader").isPresent()) {
            return fails(503, 14, "etcdserver: no leader").meet(Response::empty);
        }
        boolean open = password == null || path.startsWith("/v3/auth") || path.startsWith("/v3/lease");
        if (open || request.header("Authorization").equals(java.util.Optional.of(token))) {
            return null;
        }
        return request.header("Authorization").isPresent()
                ? fails(401, 16, "etcdserver: invalid auth token").meet(Response::empty)
                : fails(400, 3, "etcdserver: user name is empty").meet(Response::empty);
    }

    private Response grant(EtcdAnswer body) throws Exception {
        var lease = new Lease();
        lease.ttl = Math.max(leastTtl, body.number("TTL"));
        lease.heardAt = Heddle.currentLoop().nanoTime();
        if (leases.putIfAbsent(body.number("ID"), lease) != null) {
            return fails(412, 9, "etcdserver: lease already exists").meet(Response::empty);
        }
        return json(Map.of("header", header(), "ID", "" + body.number("ID"), "TTL", "" + lease.ttl));
    }

    private Response keepAlive(EtcdAnswer body) {
        Lease lease = leases.get(body.number("ID"));
        Map<String, Object> result = new HashMap<>(Map.of("header", header(), "ID", "" + body.number("ID")));
        if (lease != null) {
            lease.heardAt = Heddle.currentLoop().nanoTime();
            result.put("TTL", "" + lease.ttl);
        }
        return json(Map.of("result", result));
    }

    private void expire() {
        if (leaderless.size() == servers.size()) {
            return;
        }
        long time = Heddle.currentLoop().nanoTime();
        for (Map.Entry<Long, Lease> each : List.copyOf(leases.entrySet())) {
            if (time - each.getValue().heardAt > Duration.ofSeconds(each.getValue().ttl).toNanos()) {
                revoke(each.getKey());
            }
        }
    }

    // ---- keys ----

    private Response range(EtcdAnswer body, int index) throws Exception {
        long at = revision;
        TreeMap<String, Kv> state = now;
        if (body.flag("serializable") && lagging.containsKey(index)) {
            at = lagging.get(index);
            state = states.get(at);
        }
        if (body.number("revision") > 0) {
            if (body.number("revision") < compacted) {
                return fails(400, 11, "etcdserver: mvcc: required revision has been compacted").meet(Response::empty);
            }
            state = states.get(body.number("revision"));
        }
        Map<String, Object> found = new HashMap<>(found(body, state));
        found.put("header", header(at));
        return json(found);
    }

    private static Map<String, Object> found(EtcdAnswer range, TreeMap<String, Kv> state) {
        List<Kv> all = List.copyOf(inRange(range, state).values());
        long limit = range.number("limit") == 0 ? Long.MAX_VALUE : range.number("limit");
        Map<String, Object> found = new HashMap<>();
        if (!all.isEmpty()) {
            found.put("count", "" + all.size());
            found.put("kvs", all.stream().limit(limit).map(kv -> kv.json(range.flag("keys_only"))).toList());
        }
        if (all.size() > limit) {
            found.put("more", true);
        }
        return found;
    }

    private static Map<String, Kv> inRange(EtcdAnswer range, TreeMap<String, Kv> state) {
        String first = range.bytes("key").utf8();
        return range.has("range_end")
                ? state.subMap(first, range.bytes("range_end").utf8())
                : state.subMap(first, first + '\0');
    }

    private Response txn(EtcdAnswer body) throws Exception {
        boolean holds = body.objects("compare").stream().allMatch(this::holds);
        List<EtcdAnswer> ops = body.objects(holds ? "success" : "failure");
        if (body.objects("compare").size() > 128 || ops.size() > 128) {
            return fails(400, 3, "etcdserver: too many operations in txn request").meet(Response::empty);
        }
        TreeMap<String, Kv> next = new TreeMap<>(now);
        List<Map<String, Object>> responses = new ArrayList<>();
        boolean changed = false;
        for (EtcdAnswer op : ops) {
            if (op.has("request_range")) {
                responses.add(Map.of("response_range", found(op.object("request_range"), next)));
            } else if (op.has("request_put")) {
                put(next, op.object("request_put"));
                changed = true;
                responses.add(Map.of("response_put", Map.of()));
            } else {
                remove(next, op.object("request_delete_range").bytes("key").utf8());
                changed = true;
                responses.add(Map.of("response_delete_range", Map.of("deleted", "1")));
            }
        }
        if (changed) {
            applied++;
            commit(next);
        }
        Map<String, Object> answer = new HashMap<>(Map.of("header", header(), "responses", responses));
        if (holds) {
            answer.put("succeeded", true);
        }
        return json(answer);
    }

    private boolean holds(EtcdAnswer compare) {
        Kv kv = now.get(compare.bytes("key").utf8());
        long version = kv == null ? 0 : kv.version;
        long wanted = compare.number("version");
        return compare.text("result").equals("GREATER") ? version > wanted : version == wanted;
    }

    private void put(TreeMap<String, Kv> next, EtcdAnswer put) {
        String key = put.bytes("key").utf8();
        Kv old = next.get(key);
        long lease = put.flag("ignore_lease") && old != null ? old.lease : put.number("lease");
        long change = revision + 1;
        Kv kv = old == null
                ? new Kv(key, put.text("value"), change, change, 1, lease)
                : new Kv(key, put.text("value"), old.created, change, old.version + 1, lease);
        next.put(key, kv);
        changes.add(new Change(change, key, kv));
    }

    private void remove(TreeMap<String, Kv> next, String key) {
        next.remove(key);
        changes.add(new Change(revision + 1, key, null));
    }

    private void commit(TreeMap<String, Kv> next) {
        now = next;
        states.put(++revision, next);
    }

    // ---- watches ----

    private BodyWriter watch(EtcdAnswer body, int index) {
        EtcdAnswer create = body.object("create_request");
        return out -> {
            long start = create.number("start_revision");
            Map<String, Object> created = Map.of("header", header(), "created", true);
            out.write(line(created));
            out.flush();
            if (start > 0 && start <= compacted) {
                out.write(line(Map.of("header", Map.of("cluster_id", clusterId), "canceled", true, "compact_revision",
                        "" + compacted)));
                out.flush();
                Heddle.sleep(Duration.ofHours(1));
            }
            int next = 0;
            for (long from = start == 0 ? revision + 1 : start;;) {
                for (; next < changes.size(); next++) {
                    List<Change> told = new ArrayList<>();
                    while (next < changes.size() && told.size() < fragment) {
                        Change change = changes.get(next);
                        if (!told.isEmpty() && change.revision != told.getFirst().revision) {
                            break;
                        }
                        if (change.revision >= from && isIn(create, change.key)) {
                            told.add(change);
                        }
                        next++;
                    }
                    next--;
                    boolean more = told.size() == fragment && next + 1 < changes.size()
                            && changes.get(next + 1).revision == told.getFirst().revision;
                    if (!told.isEmpty()) {
                        out.write(line(Map.of("header", header(), "fragment", more, "events",
                                told.stream().map(FakeEtcd::event).toList())));
                        out.flush();
                        if (--messagesLeft == 0) {
                            return;
                        }
                        if (more) {
                            Heddle.sleep(fragmentPause);
                        }
                    }
                }
                Heddle.sleep(Duration.ofMillis(5));
                expire();
                if (leaderless.contains(index)) {
                    out.write(("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}}")
                            .getBytes(StandardCharsets.UTF_8));
                    return;
                }
            }
        };
    }

    private static boolean isIn(EtcdAnswer range, String key) {
        return key.compareTo(range.bytes("key").utf8()) >= 0 && key.compareTo(range.bytes("range_end").utf8()) < 0;
    }

    private static Map<String, Object> event(Change change) {
        return change.now == null
                ? Map.of("type", "DELETE", "kv",
                        Map.of("key", base64(change.key), "mod_revision", "" + change.revision))
                : Map.of("kv", change.now.json(false));
    }

    private static byte[] line(Map<String, ?> result) {
        byte[] json = EtcdAnswer.JSON.write(Map.of("result", result));
        return (new String(json, StandardCharsets.UTF_8) + '\n').getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, Object> header() {
        return header(revision);
    }

    private Map<String, Object> header(long at) {
        return Map.of("cluster_id", clusterId, "member_id", "18446744073709551615", "revision", "" + at);
    }

    private static Response json(Map<String, ?> answer) {
        return Response.bytes("application/json", EtcdAnswer.JSON.write(answer));
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
