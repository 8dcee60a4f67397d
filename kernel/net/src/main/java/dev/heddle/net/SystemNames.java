package dev.heddle.net;

import dev.heddle.Config.ResolverChoice;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import dev.heddle.engine.SystemEngine;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import dev.heddle.net.internal.HostNames;
import dev.heddle.net.internal.dns.SystemFiles;
import dev.heddle.net.internal.dns.SystemFiles.Reading;
import dev.heddle.net.internal.dns.SystemFiles.Texts;
import dev.heddle.sync.Mutex;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.spi.InetAddressResolverProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The choice of who looks names up on a loop: the system's resolver, on {@link LookupThreads}, or a {@link Resolver} that does as the
 * system's files say. They are looked at again after {@link #KEEP_FILES}, on a worker thread; when they have changed,
 * there is another resolver, which remembers nothing.
 *
 * <p>The choice is that of {@link dev.heddle.Config#withResolver}, or else of the system property {@code
 * heddle.resolver} or the environment's {@code HEDDLE_RESOLVER}. Where none of them decides, the own resolver serves a
 * system of which it knows all that the files say. It is told once, and seen among the parts of the program, with what
 * decided it.
 *
 * <p>Threads: tasks of its loop.
 */
final class SystemNames {

    /** How long the files are believed to be as they were. */
    static final Duration KEEP_FILES = Duration.ofSeconds(5);

    private static final Logger LOGGER = System.getLogger("dev.heddle.net");

    private static final PartKind<SystemNames> KIND = PartKind.<SystemNames>of("resolver", SystemNames::statistics)
            .named(SystemNames::toString)
            .onLoop(names -> names.loop);

    private static final LoopLocal<SystemNames> OF_LOOP = LoopLocal.withInitial(() -> {
        var names = new SystemNames(Path.of("/etc"), Path.of("/proc/sys/kernel/hostname"));
        Parts.add(KIND, names);
        return names;
    });

    /** Settings by which a user tells the JDK's or the system's resolver what this one does not know. */
    private static final List<String> PROPERTIES = List.of(
            "java.net.preferIPv4Stack", "java.net.preferIPv6Addresses", "jdk.net.hosts.file");

    private static final List<String> VARIABLES = List.of(
            "RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES", "RESOLV_HOST_CONF", "RESOLV_MULTI", "RESOLV_REORDER",
            "RESOLV_ADD_TRIM_DOMAINS", "RESOLV_OVERRIDE_TRIM_DOMAINS");

    /** What was told last, so that many loops tell it once. */
    private static final AtomicReference<String> TOLD = new AtomicReference<>("");

    private final Loop loop = Heddle.currentLoop();
    private final ResolverChoice choice = choice(loop);

    /** Why the system's resolver is asked whatever the files say; empty if they decide. */
    private final String forSystem = reasonForSystem(choice);

    /** In the order of {@link Texts}. */
    private final List<WatchedText> files;

    private final Mutex reading = Mutex.named("the files of the resolver");

    /** Read by any thread. */
    private volatile @Nullable State state;

    private long readAt;

    SystemNames(Path etc, Path hostName) {
        this.files = Stream.of(etc.resolve("resolv.conf"), etc.resolve("hosts"), etc.resolve("nsswitch.conf"),
                etc.resolve("host.conf"), hostName).map(WatchedText::new).toList();
    }

    /**
     * The resolver that is to find the addresses of a name; empty if that is the system's affair. Reads files at times.
     *
     * @param name in its ASCII form
     * @throws IllegalArgumentException if {@code heddle.resolver} says something that is not known
     */
    static Optional<Resolver> forAddresses(String name) {
        return isReal(Heddle.currentLoop()) ? OF_LOOP.get().resolverFor(name) : Optional.empty();
    }

    /**
     * The resolver for records that the system's own does not find.
     *
     * @throws ResolveException if the loop has no system
     */
    static Resolver forRecords(String name) {
        if (!isReal(Heddle.currentLoop())) {
            throw new ResolveException(name, "a simulation has no name servers of its own: use Resolver.of", null);
        }
        return OF_LOOP.get().current().resolver();
    }

    /** Whether an engine's names are those of the system, and not a test's. */
    private static boolean isReal(Loop loop) {
        return loop.engine() instanceof SystemEngine;
    }

    private static ResolverChoice choice(Loop loop) {
        return loop.config().resolver() == ResolverChoice.AUTO ? setting() : loop.config().resolver();
    }

    private static ResolverChoice setting() {
        String property = System.getProperty("heddle.resolver");
        String setting = property == null ? System.getenv("HEDDLE_RESOLVER") : property;
        return switch (setting == null ? "" : setting.strip()) {
            case "own" -> ResolverChoice.OWN;
            case "system" -> ResolverChoice.SYSTEM;
            case "auto", "" -> ResolverChoice.AUTO;
            default -> throw new IllegalArgumentException("the resolver is to be auto, own or system, not " + setting
                    + " (heddle.resolver, HEDDLE_RESOLVER)");
        };
    }

    private static String reasonForSystem(ResolverChoice choice) {
        return switch (choice) {
            case OWN -> "";
            case SYSTEM -> "the program's settings say so";
            case AUTO -> Stream.concat(
                    PROPERTIES.stream().filter(name -> System.getProperty(name) != null),
                    VARIABLES.stream().filter(name -> System.getenv(name) != null))
                    .findFirst()
                    .map(name -> name + " is set")
                    .orElseGet(SystemNames::reasonOfPlatform);
        };
    }

    private static String reasonOfPlatform() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return "this is no Linux";
        }
        return ServiceLoader.load(InetAddressResolverProvider.class).findFirst().isEmpty()
                ? ""
                : "the JDK was given a resolver";
    }

    /** As {@link #forAddresses}, of this loop. */
    Optional<Resolver> resolverFor(String name) {
        if (!forSystem.isEmpty()) {
            tell();
            return Optional.empty();
        }
        State now = current();
        tell();
        return choice == ResolverChoice.OWN || now.serves(name) ? Optional.of(now.resolver()) : Optional.empty();
    }

    /** What the files said, and the resolver that does so. */
    record State(Look look, Resolver resolver) {

        /** Why addresses are the system's affair; empty if they are not. */
        String reason() {
            return look.reading().unknown();
        }

        /**
         * Whether the system's resolver would say the same of a name. Those of this machine are none of its affair: it
         * may ask servers about them.
         */
        boolean serves(String name) {
            String plain = HostNames.withoutDot(name);
            return SystemFiles.isLocalhost(plain)
                    ? look.complete()
                    : reason().isEmpty() && !look.reading().isOwn(plain);
        }
    }

    /** The files as they were read, and what they say. */
    private record Look(Texts texts, boolean complete, Reading reading) {}

    /** What the files say now, or said a moment ago. */
    State current() {
        State known = state;
        if (known != null && (loop.nanoTime() - readAt < KEEP_FILES.toNanos() || reading.isHeld())) {
            return known;
        }
        reading.acquire();
        try {
            State before = state;
            if (before != null && loop.nanoTime() - readAt < KEEP_FILES.toNanos()) {
                return before;
            }
            Look look = Heddle.offload(() -> look(before == null ? null : before.look()));
            State now = before != null && before.look().equals(look)
                    ? before
                    : new State(look, Resolver.of(look.reading().options()));
            state = now;
            readAt = loop.nanoTime();
            return now;
        } finally {
            reading.release();
        }
    }

    /** Looks at the files, which may be long. */
    private Look look(@Nullable Look before) {
        List<Optional<String>> read = files.stream().map(WatchedText::read).toList();
        List<String> each = read.stream().map(text -> text.orElse("")).toList();
        var texts = new Texts(each.get(0), each.get(1), each.get(2), each.get(3), each.get(4).strip());
        boolean complete = read.stream().allMatch(Optional::isPresent);
        if (before != null && before.complete() == complete && before.texts().equals(texts)) {
            return before;
        }
        Reading reading = SystemFiles.read(texts);
        String unread = complete ? "" : "a file of /etc cannot be read, or is too long";
        return new Look(texts, complete, unread.isEmpty() || !reading.unknown().isEmpty()
                ? reading
                : new Reading(reading.options(), unread, reading.ownName()));
    }

    // ---- for people ----

    private void tell() {
        if (LOGGER.isLoggable(Level.DEBUG)) {
            String words = toString();
            if (!TOLD.getAndSet(words).equals(words)) {
                LOGGER.log(Level.DEBUG, "names are looked up by " + words);
            }
        }
    }

    private ResolverStatistics statistics() {
        State now = state;
        return now == null ? new Resolver.Statistics(0, 0, 0, 0, 0, 0, 0) : now.resolver().statistics();
    }

    /** Whom it asks, and why. */
    @Override
    public String toString() {
        State now = state;
        String reason = !forSystem.isEmpty() || now == null ? forSystem : now.reason();
        if (choice == ResolverChoice.OWN) {
            return "the own resolver: the program's settings say so";
        }
        return reason.isEmpty()
                ? "the own resolver: it knows all that the system's files say"
                : "the system's resolver: " + reason;
    }
}
