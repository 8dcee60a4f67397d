package dev.heddle.cluster.internal.jobs;

import dev.heddle.Loop;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.internal.Names;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.Lifetime;
import dev.heddle.cluster.store.Op;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a queue, as one node sees what is left of them. A limit of N at a time is N permits: entries of the sessions
 * whose jobs have them, created by the commit that begins a job, so that no two have the same. A limit of N in a window is N
 * turns: entries that the commit which begins a job changes, each only if nobody has for a window. A node measures that by
 * its own clock from when it has seen the last change; so no window has more than N, whatever the clocks say.
 *
 * <p>Threads: tasks of one loop.
 */
public final class JobPermits {

    /** An unused turn is taken away after the longest window. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private static final Duration LONG = Duration.ofHours(1);

    private final Loop loop;
    private final JobKeys keys;
    private final Function<String, Limit> ofKind;
    private final Limit ofGroup;

    /** Of the jobs that run, by the name of the permit. */
    private final Map<String, Integer> taken = new HashMap<>();

    /** Permits and turns of attempts of this node that are not over, or not begun. */
    private final Set<String> claimed = new HashSet<>();

    /** By limit: what others are about to take, as far as one can guess; for one look. */
    private final Map<String, Integer> guessed = new HashMap<>();

    private final Map<String, Turn> turns = new HashMap<>();
    private Picture seen = Picture.NONE;

    /**
     * A limit.
     *
     * @param running at a time; 0 for no limit
     * @param begun in a window; 0 for no limit
     */
    public record Limit(int running, int begun, Duration window) {

        /** None. */
        public static final Limit NONE = new Limit(0, 0, Duration.ZERO);
    }

    /** A turn in one of its states, and when it was seen to be so, by this node's own clock. */
    private record Turn(long created, long version, long seenAt) {}

    /** What a job needs to begin: the permits and turns that this node keeps for it, and how its commit takes them. */
    public record Claim(List<Op> take, List<String> permits, List<Key> turns) {

        private static final Claim NOTHING = new Claim(List.of(), List.of(), List.of());
    }

    /**
     * Nothing is taken.
     *
     * @param before those under another lease of this node; null if there was none
     */
    public JobPermits(Loop loop, JobKeys keys, Function<String, Limit> ofKind, Limit ofGroup,
            @Nullable JobPermits before) {
        this.loop = loop;
        this.keys = keys;
        this.ofKind = ofKind;
        this.ofGroup = ofGroup;
        if (before != null) {
            turns.putAll(before.turns);
        }
    }

    /** Takes over what is new among the turns. */
    public void look(Picture next) {
        long now = loop.nanoTime();
        next.entries().changesSince(seen.entries(), gone -> turns.remove(gone.key().name()), entry -> {
            Turn known = turns.get(entry.key().name());
            if (known == null || known.created != entry.created() || known.version != entry.version()) {
                turns.put(entry.key().name(), new Turn(entry.created(), entry.version(), now));
            }
        });
        if (seen == Picture.NONE) {
            turns.keySet().retainAll(next.entries().keySet());
        }
        seen = next;
    }

    /** A job runs, or does so no more. */
    public void count(RunningJob job, int change) {
        for (String permit : job.permits()) {
            taken.merge(permit, change, Integer::sum);
            taken.remove(permit, 0);
        }
    }

    /** Begins a look at all jobs. */
    public void begin() {
        guessed.clear();
    }

    /** Another node is about to begin a job. */
    public void guess(JobTerms terms) {
        for (String limit : limitsOf(terms)) {
            guessed.merge(limit, 1, Integer::sum);
        }
    }

    private List<String> limitsOf(JobTerms terms) {
        List<String> limits = new ArrayList<>(2);
        if (ofKind.apply(terms.name()) != Limit.NONE) {
            limits.add("k-" + Names.encode(terms.name()));
        }
        if (ofGroup != Limit.NONE && !terms.group().isEmpty()) {
            limits.add("g-" + Names.encode(terms.group()));
        }
        return limits;
    }

    /** Whether a limit is about a job, which so is not taken before it can run. */
    public boolean isLimited(JobTerms terms) {
        return !limitsOf(terms).isEmpty();
    }

    private Limit limit(String name, JobTerms terms) {
        return name.startsWith("k-") ? ofKind.apply(terms.name()) : ofGroup;
    }

    /** How long until a job may begin, as far as one sees; zero if it may now, and an hour if something must end first. */
    public Duration untilFree(JobTerms terms) {
        Duration longest = Duration.ZERO;
        for (String name : limitsOf(terms)) {
            Limit limit = limit(name, terms);
            int others = guessed.getOrDefault(name, 0);
            if (limit.running > 0) {
                int free = 0;
                for (int i = 0; i < limit.running && free <= others; i++) {
                    free += isFree(name + '.' + i) ? 1 : 0;
                }
                if (free <= others) {
                    return LONG;
                }
            }
            if (limit.begun > 0) {
                Duration wait = untilTurn(name, limit, others);
                longest = wait.compareTo(longest) > 0 ? wait : longest;
            }
        }
        return longest;
    }

    private boolean isFree(String permit) {
        return !taken.containsKey(permit) && !claimed.contains(permit);
    }

    private Duration untilTurn(String name, Limit limit, int others) {
        int free = 0;
        Duration next = LONG;
        for (int i = 0; i < limit.begun; i++) {
            if (!claimed.contains(turn(name, i))) {
                Duration wait = untilFree(turns.get(name + '.' + i), limit);
                free += wait.isZero() ? 1 : 0;
                next = !wait.isZero() && wait.compareTo(next) < 0 ? wait : next;
            }
        }
        return free > others ? Duration.ZERO : next;
    }

    private Duration untilFree(@Nullable Turn turn, Limit limit) {
        Duration left = turn == null
                ? Duration.ZERO
                : limit.window.minusNanos(loop.nanoTime() - turn.seenAt);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** How a turn is known among what is claimed: its name may be that of a permit, too. */
    private static String turn(String name, int number) {
        return "turn " + name + '.' + number;
    }

    /** Keeps for a job what it needs; empty if that is not there. To be given back by {@link #release}. */
    public Optional<Claim> claim(JobTerms terms, String job) {
        List<String> limits = limitsOf(terms);
        if (limits.isEmpty()) {
            return Optional.of(Claim.NOTHING);
        }
        List<Op> take = new ArrayList<>();
        List<String> permits = new ArrayList<>();
        List<Key> keysOfTurns = new ArrayList<>();
        for (String name : limits) {
            Limit limit = limit(name, terms);
            // Nodes that begin different jobs at the same time so mostly try different ones.
            int from = job.hashCode() & Integer.MAX_VALUE;
            boolean found = limit.running == 0;
            for (int i = 0; i < limit.running && !found; i++) {
                String permit = name + '.' + (int) (((long) from + i) % limit.running);
                if (isFree(permit)) {
                    found = true;
                    permits.add(permit);
                    take.add(new Op.Create(keys.permit(permit), Bytes.utf8(job), Lifetime.EPHEMERAL));
                }
            }
            boolean turned = limit.begun == 0;
            for (int i = 0; i < limit.begun && !turned; i++) {
                int number = (int) (((long) from + i) % limit.begun);
                Turn turn = turns.get(name + '.' + number);
                if (!claimed.contains(turn(name, number)) && untilFree(turn, limit).isZero()) {
                    turned = true;
                    Key key = keys.turn(name + '.' + number);
                    keysOfTurns.add(key);
                    take.add(turn == null
                            ? new Op.Create(key, Bytes.utf8(job), Lifetime.DURABLE)
                            : new Op.Set(key, Bytes.utf8(job), turn.version));
                }
            }
            if (!found || !turned) {
                return Optional.empty();
            }
        }
        claimed.addAll(permits);
        keysOfTurns.forEach(key -> claimed.add("turn " + key.name()));
        return Optional.of(new Claim(take, permits, keysOfTurns));
    }

    /** The job has begun, by the commit of a stamp: its turns are used. */
    public void begun(Claim claim, long stamp) {
        for (Key key : claim.turns) {
            claimed.remove("turn " + key.name());
            Turn known = turns.get(key.name());
            Entry entry = seen.entries().get(key.name());
            boolean newer = entry != null && entry.changed() >= stamp; // the picture was faster, and is right
            if (!newer) {
                turns.put(key.name(), known == null
                        ? new Turn(stamp, 0, loop.nanoTime())
                        : new Turn(known.created, known.version + 1, loop.nanoTime()));
            }
        }
    }

    /** The job is over, or was not begun. */
    public void release(Claim claim) {
        claim.permits.forEach(claimed::remove);
        claim.turns.forEach(key -> claimed.remove("turn " + key.name()));
    }

    /** The operations that give permits back. */
    public List<Op> giveBack(Claim claim) {
        List<Op> ops = new ArrayList<>();
        claim.permits.forEach(permit -> ops.add(new Op.Delete(keys.permit(permit), Op.ANY_VERSION)));
        return ops;
    }

    /** The operations that take turns away which nobody has used for long, so many at most. */
    public List<Op> unused(int limit) {
        long now = loop.nanoTime();
        return turns.entrySet().stream()
                .filter(each -> now - each.getValue().seenAt >= UNUSED.toNanos())
                .limit(limit)
                .<Op>map(each -> new Op.Delete(keys.turn(each.getKey()), each.getValue().version))
                .toList();
    }
}
