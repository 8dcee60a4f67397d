package dev.heddle.cluster.etcd;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.CommitOutcome;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import dev.heddle.cluster.store.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A commit in etcd's words: what must be so, what is done then, and what is looked at otherwise, to say why not. The
 * first thing that must be so is the version of the session's key, its epoch; the first that is looked at is that key.
 */
final class Transaction {

    private final byte[] sessionKey;
    private final List<Op> ops;
    private final List<Map<String, ?>> conditions = new ArrayList<>();
    private final List<Map<String, ?>> changes = new ArrayList<>();
    private final List<Map<String, ?>> looks = new ArrayList<>();

    /** @param session the lease */
    Transaction(EtcdKeys places, long session, List<Op> ops) {
        this.sessionKey = places.session(session);
        this.ops = ops;
        looks.add(look(sessionKey));
        for (Op op : ops) {
            byte[] key = places.key(op.key());
            conditions.add(condition(key, op));
            looks.add(look(key));
            switch (op) {
                case Op.Create(Key _, Bytes value, Lifetime life) ->
                    changes.add(life == Lifetime.EPHEMERAL ? put(key, value, "lease", session) : put(key, value));
                case Op.Set(Key _, Bytes value, long _) -> changes.add(put(key, value, "ignore_lease", true));
                case Op.Delete _ -> changes.add(Map.of("request_delete_range", Map.of("key", key)));
                case Op.Check _ -> {}
            }
        }
    }

    /** The request, to take place only in this epoch. */
    Map<String, ?> in(long epoch) {
        List<Map<String, ?>> all = new ArrayList<>(conditions);
        all.add(version(sessionKey, "EQUAL", epoch));
        return Map.of("compare", all, "success", changes, "failure", looks);
    }

    /**
     * The request that begins the next epoch, so that none of those before it takes place any more. It answers with the
     * session's key.
     *
     * @param anew whether the session's key is not there yet
     */
    static Map<String, ?> nextEpoch(byte[] sessionKey, long session, boolean anew) {
        return Map.of("compare", anew ? List.of() : List.of(version(sessionKey, "GREATER", 0)),
                "success", List.of(put(sessionKey, Bytes.EMPTY, "lease", session), look(sessionKey)));
    }

    /**
     * The epoch in which the session is, from an answer that says why not; 0 if the session is over.
     *
     * @throws GatewayException if the answer is no such
     */
    long epoch(EtcdAnswer answer) {
        return version(found(answer, 0));
    }

    /** The first operation that could not, and why, from such an answer. */
    CommitOutcome.Refused refusal(EtcdAnswer answer) {
        for (int i = 0; i < ops.size(); i++) {
            EtcdAnswer found = found(answer, i + 1);
            Refusal refusal = switch (ops.get(i)) {
                case Op.Create _ -> version(found) == 0 ? null : Refusal.EXISTS;
                case Op.Set set -> unless(found, set.ifVersion());
                case Op.Delete delete -> unless(found, delete.ifVersion());
                case Op.Check check -> unless(found, check.ifVersion());
            };
            if (refusal != null) {
                return new CommitOutcome.Refused(i, refusal);
            }
        }
        throw GatewayException.badAnswer("a refusal without a reason");
    }

    private static @Nullable Refusal unless(EtcdAnswer found, long version) {
        if (version(found) == 0) {
            return Refusal.ABSENT;
        }
        return version == Op.ANY_VERSION || version == version(found) - 1 ? null : Refusal.VERSION;
    }

    private EtcdAnswer found(EtcdAnswer answer, int index) {
        List<EtcdAnswer> responses = answer.objects("responses");
        if (responses.size() != looks.size()) {
            throw GatewayException.badAnswer(responses.size() + " responses instead of " + looks.size());
        }
        return kv(responses.get(index));
    }

    /** The key that was looked at; empty if it is not there. */
    static EtcdAnswer kv(EtcdAnswer response) {
        if (!response.has("response_range")) {
            throw GatewayException.badAnswer("no range");
        }
        List<EtcdAnswer> kvs = response.object("response_range").objects("kvs");
        return kvs.isEmpty() ? EtcdAnswer.EMPTY : kvs.getFirst();
    }

    /** From 1 on; 0 for a key that is not there. */
    static long version(EtcdAnswer kv) {
        return kv.number("version");
    }

    private static Map<String, ?> condition(byte[] key, Op op) {
        return switch (op) {
            case Op.Create _ -> version(key, "EQUAL", 0);
            case Op.Set set -> ifVersion(key, set.ifVersion());
            case Op.Delete delete -> ifVersion(key, delete.ifVersion());
            case Op.Check check -> ifVersion(key, check.ifVersion());
        };
    }

    private static Map<String, ?> ifVersion(byte[] key, long version) {
        return version == Op.ANY_VERSION ? version(key, "GREATER", 0) : version(key, "EQUAL", version + 1);
    }

    private static Map<String, ?> version(byte[] key, String result, long version) {
        return Map.of("key", key, "target", "VERSION", "result", result, "version", version);
    }

    private static Map<String, ?> look(byte[] key) {
        return Map.of("request_range", Map.of("key", key, "keys_only", true));
    }

    private static Map<String, ?> put(byte[] key, Bytes value) {
        return Map.of("request_put", Map.of("key", key, "value", value.toArray()));
    }

    private static Map<String, ?> put(byte[] key, Bytes value, String option, Object given) {
        return Map.of("request_put", Map.of("key", key, "value", value.toArray(), option, given));
    }
}
