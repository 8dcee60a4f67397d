package dev.heddle.net;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.engine.WaitSlot;
import dev.heddle.internal.sight.Counter;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.net.internal.HostNames;
import dev.heddle.net.internal.HttpsRecords;
import dev.heddle.net.internal.HttpsRecords.Http3;
import dev.heddle.net.internal.dns.AddressOrder;
import dev.heddle.net.internal.dns.Answers;
import dev.heddle.net.internal.dns.Answers.Answer;
import dev.heddle.net.internal.dns.Counts;
import dev.heddle.net.internal.dns.DnsRecord;
import dev.heddle.net.internal.dns.NameServers;
import dev.heddle.net.internal.dns.Question;
import dev.heddle.net.internal.dns.SystemFiles;
import dev.heddle.net.internal.dns.UnansweredException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stub resolver: it asks name servers by DNS, over UDP and TCP, without a thread but the loop's.
 *
 * <pre>{@code
 * Resolver resolver = Resolver.of(ResolverOptions.of(InetAddress.ofLiteral("10.0.0.2")));
 * List<InetAddress> addresses = resolver.resolve("db.example.org");
 * for (SrvRecord place : resolver.srv("_imaps._tcp.example.org")) { ... }
 * }</pre>
 *
 * <p>It remembers what it is told, as long as it is told (RFC 1035, RFC 2308), at most {@link Dns#MAX_REMEMBERED} names
 * for each of its verbs. Tasks that ask the same at the same time share a look-up. It holds no socket for longer than a
 * moment behind them and needs no closing.
 *
 * <p>A look-up goes through the domains of the options until a name has what is asked for, as the system's does: past
 * a domain of which a server says that it failed; where all are silent, to the name as it is. That a name has nothing
 * is believed only if all have said so.
 *
 * <p>Cancellation: a cancelled call leaves at once. A look-up that nobody waits for any more is cancelled too, and its
 * sockets are closed.
 *
 * <p>Threads: tasks of the loop that made it.
 *
 * <p>To test code that uses it, run it in the simulator, against a server in a few lines over {@link Udp#bind}.
 */
public final class Resolver {

    /** How long what is not answered is not asked again (RFC 9520 section 3.2). */
    public static final Duration KEEP_FAILURE = Duration.ofSeconds(1);

    /** How long an answer is remembered at most, whatever its life. */
    public static final Duration MAX_KEEP = Duration.ofDays(1);

    /** How long it is remembered at most that there is nothing. */
    public static final Duration MAX_KEEP_NEGATIVE = Duration.ofMinutes(5);

    /** How long the addresses of one family wait for those of the other. */
    public static final Duration OTHER_FAMILY = Duration.ofSeconds(2);

    /** The names for names that HTTPS records are followed through, beside those of {@link Answers}. */
    static final int MAX_HTTPS_ALIASES = 8;

    private static final int HTTPS_PORT = 443;

    private static final List<InetAddress> LOOPBACK = List.of(
            InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private final ResolverOptions options;
    private final Loop loop = Heddle.currentLoop();
    private final Counts counts = new Counts();
    private final Answers answers;
    private final Lookups<List<InetAddress>> addresses = new Lookups<>();
    private final Lookups<List<DnsRecord>> services = new Lookups<>();
    private final Lookups<List<String>> texts = new Lookups<>();
    private final Lookups<Optional<Http3>> origins = new Lookups<>();
    private long remembered;
    private long shared;
    private long lookups;

    private Resolver(ResolverOptions options) {
        this.options = options;
        this.answers = new Answers(new NameServers(options, counts));
    }

    /**
     * Makes a resolver of the current loop. Asks nobody.
     *
     * @throws IllegalStateException if the caller is not on a loop
     */
    public static Resolver of(ResolverOptions options) {
        return new Resolver(options);
    }

    /** How it looks names up. */
    public ResolverOptions options() {
        return options;
    }

    /**
     * Finds the addresses of a host: those of the options' hosts in their order, else those that the servers tell, of
     * both families, in the order in which they are best tried (RFC 6724), at most 64 of each.
     *
     * @param host a name, also an international one, or an address in its text form, which is only parsed; with a dot
     *     at its end it is in no domain
     * @throws IllegalArgumentException if the host is neither; nobody is asked then
     * @throws ResolveException if there is no such name, or no answer in time
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public List<InetAddress> resolve(String host) {
        HostNames.Host read = HostNames.read(host);
        return read.address().map(List::of).orElseGet(() -> resolveName(read.name()));
    }

    /** As {@link #resolve}, of a name that is in its ASCII form already. */
    List<InetAddress> resolveName(String name) {
        return await(addresses, name, () -> findAddresses(name));
    }

    /**
     * Finds the places where a service is, in the order in which they are to be tried, drawn anew by their weights at
     * each call (RFC 2782).
     *
     * @param name such as {@code _imaps._tcp.example.org}
     * @throws IllegalArgumentException as {@link #resolve}
     * @throws ResolveException if there is no such service, it is said that there is none, or no answer in time
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public List<SrvRecord> srv(String name) {
        String asked = HostNames.name(name);
        List<DnsRecord> found = await(services, asked, () -> find(asked, Question.SRV));
        List<SrvRecord> places = new ArrayList<>();
        for (DnsRecord each : found) {
            if (each instanceof DnsRecord.Service service && Question.mayBeAsked(service.target())) {
                places.add(new SrvRecord(service.target(), service.port(), service.priority(), service.weight()));
            }
        }
        if (places.isEmpty()) {
            throw new ResolveException(name,
                    "its owner says that there is no such service, or none at a name that can be asked for", null);
        }
        return ServiceOrder.of(places, loop.engine());
    }

    /**
     * Finds the texts of a name, each with its pieces put together; bytes that are no UTF-8 become U+FFFD.
     *
     * @throws IllegalArgumentException as {@link #resolve}
     * @throws ResolveException if there are none, or no answer in time
     * @throws CancelledException if the enclosing scope is cancelled
     */
    public List<String> txt(String name) {
        String asked = HostNames.name(name);
        return await(texts, asked, () -> {
            Found<List<DnsRecord>> found = find(asked, Question.TXT);
            List<String> all = found.value().stream().map(each -> ((DnsRecord.Text) each).text()).toList();
            return new Found<>(all, found.keepNanos());
        });
    }

    /**
     * The question where an https origin speaks HTTP/3. It is about the name as it is: one that is looked up in domains
     * first has none.
     *
     * @param name in its ASCII form
     */
    Optional<HttpsRecords.Question> https(String name, int port) {
        String plain = HostNames.withoutDot(name);
        String asked = port == HTTPS_PORT ? plain : "_" + port + "._https." + plain; // RFC 9460 section 9.1
        boolean ours = options.hosts().containsKey(plain) || SystemFiles.isLocalhost(plain) || isNeverAsked(plain);
        return ours || !Question.mayBeAsked(asked) || !candidates(name).getFirst().equals(plain)
                ? Optional.empty()
                : Optional.of(() -> await(origins, asked, () -> findHttp3(asked, port)));
    }

    /** Forgets what it remembers; what is under way goes on. */
    public void forget() {
        addresses.clear();
        services.clear();
        texts.clear();
        origins.clear();
    }

    /** What it has done so far. */
    public ResolverStatistics statistics() {
        return new Statistics(remembered, shared, lookups, counts.sent, counts.overTcp, counts.strays,
                counts.failures);
    }

    // ---- one look-up for all who ask ----

    /** What was found, and how long it is good. */
    private record Found<T>(T value, long keepNanos) {}

    /** A look-up's work. */
    private interface Search<T> {
        Found<T> run() throws UnansweredException, UnknownNameException;
    }

    private <T> T await(Lookups<T> memory, String name, Search<T> search) {
        if (Heddle.currentLoop() != loop) {
            throw new IllegalStateException("this resolver is another loop's");
        }
        Lookup<T> known = memory.get(name, loop.nanoTime());
        if (known == null) {
            return awaitFirst(memory, name, search);
        }
        if (known.isDone()) {
            remembered++;
        } else {
            shared++;
        }
        return known.await();
    }

    private <T> T awaitFirst(Lookups<T> memory, String name, Search<T> search) {
        lookups++;
        Lookup<T> lookup = memory.begin(name);
        Task<Void> task = Kernel.get().spawnService(loop, "look-up of " + name, () -> run(lookup, search));
        lookup.whenAbandoned(() -> {
            memory.remove(name, lookup);
            task.cancel("nobody waits for it any more");
        });
        return lookup.await();
    }

    private <T> void run(Lookup<T> lookup, Search<T> search) {
        try {
            boolean inTime = Heddle.moveOnAfter(Dns.DEADLINE, () -> {
                try {
                    Found<T> found = search.run();
                    lookup.succeed(found.value(), loop.nanoTime() + found.keepNanos());
                } catch (UnknownNameException e) {
                    lookup.fail(e, loop.nanoTime() + e.keepNanos());
                } catch (UnansweredException | RuntimeException e) {
                    if (e instanceof CancelledException cancelled) {
                        throw cancelled;
                    }
                    lookup.fail(e, loop.nanoTime() + KEEP_FAILURE.toNanos());
                }
            });
            if (!inTime && !lookup.isDone()) {
                lookup.fail(new HeddleException("no answer within " + Dns.DEADLINE.toSeconds() + " s"),
                        loop.nanoTime() + KEEP_FAILURE.toNanos());
            }
        } catch (CancelledException | Error e) {
            lookup.fail(e, loop.nanoTime());
            throw e;
        }
    }

    // ---- names ----

    /** The names that a short one may stand for, in the order in which they are asked for. */
    private List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(HostNames.withoutDot(name));
        }
        long dots = name.chars().filter(c -> c == '.').count();
        List<String> names = new ArrayList<>();
        options.search().forEach(domain -> names.add(name + "." + domain));
        names.add(dots >= options.ndots() ? 0 : names.size(), name);
        return names;
    }

    /** Goes through the names until one has records of a type. */
    private Found<List<DnsRecord>> find(String name, int type) throws UnansweredException, UnknownNameException {
        Answer answer = search(name, candidate -> answers.ask(new Question(candidate, type)));
        return new Found<>(answer.records(), keepNanos(answer.ttl(), MAX_KEEP));
    }

    private interface Ask {
        Answer ask(String candidate) throws UnansweredException;
    }

    private Answer search(String name, Ask ask) throws UnansweredException, UnknownNameException {
        boolean named = false;
        long ttl = Long.MAX_VALUE;
        UnansweredException unanswered = null;
        boolean silent = false;
        for (String candidate : candidates(name)) {
            if (!Question.mayBeAsked(candidate) || (silent && !candidate.equals(name))) {
                continue; // too long with the domain; or who is silent now would be so again
            }
            try {
                Answer answer = isNeverAsked(candidate) ? new Answer(List.of(), false, 0) : ask.ask(candidate);
                if (!answer.records().isEmpty()) {
                    return answer;
                }
                named |= answer.named();
                ttl = Math.min(ttl, answer.ttl());
            } catch (UnansweredException e) {
                unanswered = e;
                silent |= !e.isTold();
            }
        }
        if (unanswered != null) {
            throw unanswered;
        }
        throw new UnknownNameException(
                named ? "the name has no such records" : "no such name", keepNanos(ttl, MAX_KEEP_NEGATIVE));
    }

    private static long keepNanos(long ttlSeconds, Duration most) {
        return TimeUnit.SECONDS.toNanos(Math.min(ttlSeconds, most.toSeconds()));
    }

    /** Names that no server may be told of (RFC 6761 section 6.4, RFC 7686). */
    private static boolean isNeverAsked(String name) {
        return SystemFiles.isIn("invalid", name) || SystemFiles.isIn("onion", name);
    }

    // ---- HTTP/3 ----

    private Found<Optional<Http3>> findHttp3(String asked, int port) throws UnansweredException {
        String name = asked;
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i <= MAX_HTTPS_ALIASES && Question.mayBeAsked(name); i++) {
            Answer answer = answers.ask(new Question(name, Question.HTTPS));
            ttl = Math.min(ttl, answer.ttl());
            Optional<DnsRecord.Https> best = bestHttps(answer.records());
            if (best.isEmpty()) {
                break;
            }
            DnsRecord.Https found = best.get();
            if (found.priority() > 0) {
                long keep = keepNanos(ttl, MAX_KEEP);
                var place = new Http3(found.target(), found.port() == 0 ? port : found.port(), loop.nanoTime() + keep);
                return new Found<>(Optional.of(place), keep);
            }
            name = found.target();
        }
        return new Found<>(Optional.empty(), keepNanos(ttl, MAX_KEEP_NEGATIVE));
    }

    /** The one that counts: for another name, before all others, or else the first that has HTTP/3. */
    private static Optional<DnsRecord.Https> bestHttps(List<DnsRecord> records) {
        List<DnsRecord.Https> read = new ArrayList<>();
        for (DnsRecord each : records) {
            if (!(each instanceof DnsRecord.Https https)) {
                return Optional.empty(); // RFC 9460 section 2.2: one that is malformed spoils all
            }
            if (https.priority() == 0 || (https.http3() && Question.mayBeAsked(https.target()))) {
                read.add(https);
            }
        }
        return read.stream().min(Comparator.comparingInt(DnsRecord.Https::priority));
    }

    // ---- addresses ----

    private Found<List<InetAddress>> findAddresses(String name) throws UnansweredException, UnknownNameException {
        String plain = HostNames.withoutDot(name);
        List<InetAddress> own = options.hosts().get(plain);
        if (own != null && own.isEmpty()) {
            throw new UnknownNameException("the options give it no address", MAX_KEEP_NEGATIVE.toNanos());
        }
        if (own != null) {
            return new Found<>(own, MAX_KEEP.toNanos());
        }
        if (SystemFiles.isLocalhost(plain)) {
            return new Found<>(LOOPBACK, MAX_KEEP.toNanos()); // RFC 6761 section 6.3
        }
        Answer answer = search(name, candidate -> options.ipv6()
                ? new BothFamilies(candidate).ask()
                : answers.ask(new Question(candidate, Question.A)));
        List<InetAddress> found = answer.records().stream()
                .map(each -> ((DnsRecord.Address) each).address())
                .distinct()
                .toList();
        return new Found<>(AddressOrder.of(found, loop.engine()), keepNanos(answer.ttl(), MAX_KEEP));
    }

    /**
     * The questions for the addresses of both families, asked at once. When one has brought addresses, or that there is
     * no such name, the other gets {@link #OTHER_FAMILY} more: some servers never answer for IPv6, and some deny the
     * name (RFC 4074 section 4).
     */
    private final class BothFamilies {

        private final String name;
        private final WaitSlot changed;
        private final Family six = new Family(Question.AAAA);
        private final Family four = new Family(Question.A);

        BothFamilies(String name) {
            this.name = name;
            this.changed = new WaitSlot("answers about ", name);
        }

        Answer ask() throws UnansweredException {
            Heddle.group(group -> {
                group.spawn(six::ask);
                group.spawn(four::ask);
                while (!six.isDone() && !four.isDone()) {
                    changed.await();
                }
                if (six.decides() || four.decides()) {
                    Heddle.moveOnAfter(OTHER_FAMILY, this::awaitBoth);
                    group.cancel("one family's answer is enough");
                } else {
                    awaitBoth();
                }
            });
            return six.hasRecords() || four.hasRecords() ? together() : nothing();
        }

        private void awaitBoth() {
            while (!six.isDone() || !four.isDone()) {
                changed.await();
            }
        }

        private Answer together() {
            List<DnsRecord> records = new ArrayList<>(six.records());
            records.addAll(four.records());
            return new Answer(records, true, Math.min(six.ttl(), four.ttl()));
        }

        /** That there is no such name one may say for both; that it has no address they must both say. */
        private Answer nothing() throws UnansweredException {
            for (Family family : List.of(six, four)) {
                if (family.answer != null && !family.answer.named()) {
                    return family.answer;
                }
            }
            for (Family family : List.of(six, four)) {
                if (family.failure != null) {
                    throw family.failure;
                }
            }
            return new Answer(List.of(), true, Math.min(six.ttl(), four.ttl()));
        }

        /** One of the two questions. */
        private final class Family {

            private final int type;
            private @Nullable Answer answer;
            private @Nullable UnansweredException failure;

            Family(int type) {
                this.type = type;
            }

            void ask() {
                try {
                    answer = answers.ask(new Question(name, type));
                } catch (UnansweredException e) {
                    failure = e;
                }
                changed.wake();
            }

            boolean isDone() {
                return answer != null || failure != null;
            }

            /** Whether it says what holds for both, with or without the other. */
            boolean decides() {
                return hasRecords() || (answer != null && !answer.named());
            }

            boolean hasRecords() {
                return !records().isEmpty();
            }

            List<DnsRecord> records() {
                return answer == null ? List.of() : answer.records();
            }

            /** What lacks a family is soon asked for again; a family that has nothing does not shorten the other. */
            long ttl() {
                if (answer == null) {
                    return KEEP_FAILURE.toSeconds();
                }
                boolean otherOnly = answer.records().isEmpty() && (six.hasRecords() || four.hasRecords());
                return otherOnly ? Long.MAX_VALUE : answer.ttl();
            }
        }
    }

    @Override
    public String toString() {
        return "Resolver" + options.servers();
    }

    /** What the statistics are, at one moment. */
    record Statistics(@Counter long remembered, @Counter long shared, @Counter long lookups, @Counter long sent,
            @Counter long overTcp, @Counter long strays,
            @Counter long failures) implements ResolverStatistics {}
}
