package dev.heddle.cluster;

import dev.heddle.Cron;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.ReadConsistency;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimOptions;
import dev.heddle.sim.SimRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A year of a cluster of three nodes whose program changes each week: a rolling deploy brings other rates, permits,
 * capacities and numbers of parties, and says its schedules again. Meanwhile nodes are all down over a night, lose their
 * leases, and clocks are put right; certificates end, and the disks of the store are lost. After each deploy the new
 * numbers must hold, during it no call may fail; each night has its job, and what was put off for weeks comes in its
 * time. Where a disk is lost each node says so by name, and only what was on it may be missing or come again.
 */
final class ClusterYear {

    static final ZoneId ZONE = ZoneId.of("Europe/Zurich");

    private static final Instant START = Instant.parse("2030-01-07T10:00:00Z");

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** The label with the name of a node. */
    static final String NAME = "name";

    /** Certificates end, and disks are lost, each so many weeks. */
    private static final int CERTIFICATES = 3;

    private static final int DISKS = 4;

    /** What a version of the program says. */
    private record Version(int perSecond, int burst, int permits, int capacity, int parties) {

        private static Version of(SimRandom random) {
            int burst = 1 + random.below(20);
            return new Version(1 + random.below(burst * 10), burst, 1 + random.below(5), 1 + random.below(50),
                    1 + random.below(4));
        }
    }

    private final SimRandom random;
    private final YearOfDisks store = new YearOfDisks();
    private final Rules rules = new Rules();
    private final Cluster[] nodes = new Cluster[3];
    private final List<String> nights = new ArrayList<>();

    /** The version of all nodes that were not deployed anew yet. */
    private @Nullable Version deployed;

    /** How long no node was there, in all. */
    private Duration down = Duration.ZERO;

    /** Jobs that were put off and have come. */
    private int delayed;

    /** Those that have not. */
    private final Set<String> open = new TreeSet<>();

    /** Nights and jobs that have come since the backup that was restored: they may come again. */
    private final List<String> again = new ArrayList<>();

    /** What has come since the last backup. */
    private final List<String> sinceBackup = new ArrayList<>();

    /** Jobs that were put off and are lost with the disks. */
    private int lost;

    /** Nights that may be missing, as the store was empty. */
    private int missing;

    private ClusterYear(SimRandom random) {
        this.random = random;
    }

    /** Lives so many weeks of a seed. */
    static void live(long seed, int weeks) {
        SimOptions options = SimOptions.DEFAULT.withSeed(seed).withStart(START)
                .withMaxVirtualTime(Duration.ofDays(7L * weeks + 30))
                .withMaxSteps(500_000_000)
                .withFailureHandler((_, _) -> {});
        Sim.run(options, sim -> new ClusterYear(sim.random()).live(weeks));
    }

    /** What is wrong in some weeks, in words that every class loader knows; empty if nothing is. */
    static String hunt(int seeds) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ClusterYear.class.getClassLoader()); // by which bodies of pools find their classes
        try {
            return found(seeds);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static String found(int seeds) {
        for (int seed = 1; seed <= seeds; seed++) {
            try {
                live(seed, 4);
            } catch (Throwable wrong) {
                return "seed " + seed + ": " + wrong.getMessage();
            }
        }
        return "";
    }

    private void live(int weeks) throws Exception {
        for (int week = 1; week <= weeks; week++) {
            Version version = Version.of(random);
            deploy(version);
            within("the numbers of week " + week, () -> check(version));
            putOff(week);
            if (week % CERTIFICATES == 1) {
                YearOfCertificates.day(random, rules, nodes);
            }
            for (int day = 0; day < 7; day++) {
                Heddle.sleep(Duration.ofHours(random.below(12)));
                mishap(version);
                Heddle.sleep(Duration.ofHours(14));
                if (day == 3 && week % DISKS == 1) {
                    restore(version);
                } else if (day == 3 && week % DISKS == 2) {
                    wipe(version);
                } else if (day == 3 && week % DISKS == 3) {
                    stopOverNight(version);
                }
            }
            rules.check();
        }
        checkNights();
        rules.that(delayed + lost >= weeks / 2 - 2, delayed + " jobs have come of those that were put off");
        for (Cluster node : nodes) {
            node.close();
        }
        rules.check();
    }

    // ---- deploys ----

    private void deploy(Version version) {
        for (int i = 0; i < nodes.length; i++) {
            if (nodes[i] != null) {
                nodes[i].close();
                Heddle.sleep(Duration.ofSeconds(random.below(30)));
            }
            nodes[i] = start("node" + i, version);
            Cluster node = nodes[i];
            Cluster other = i + 1 < nodes.length ? nodes[i + 1] : null;
            Version before = deployed;
            within("the calls of a deploy", () -> Heddle.gather(() -> use(node, version), () -> {
                if (other != null && before != null) {
                    takeTurns(other, before);
                }
            }));
        }
        deployed = version;
    }

    private Cluster start(String name, Version version) {
        Cluster node = Cluster.join(ClusterOptions.of("shop", store).withNode(name)
                .withLabels(Map.of(NAME, name, ClusterPool.ADDRESS, name + ":" + YearOfCertificates.PORT))
                .withTimeout(Duration.ofMinutes(5)));
        Jobs jobs = node.jobs("q", JobsOptions.DEFAULT.withCapacity(100 + version.capacity));
        jobs.handle("night", 1, job -> {
            if (!again.remove(job.id())) {
                nights.add(job.id());
            }
            sinceBackup.add(job.id());
            return Bytes.EMPTY;
        });
        jobs.handle("later", 1, job -> {
            String[] due = job.payload().utf8().split(" ");
            Duration late = elapsed().minus(Duration.parse(due[0]));
            Duration most = down.minus(Duration.parse(due[1])).plusSeconds(20);
            sinceBackup.add(job.id());
            if (!again.remove(job.id())) {
                rules.that(!late.isNegative() && late.compareTo(most) < 0,
                        job.id() + " is late by " + late + ", of " + most);
                rules.that(open.remove(job.id()), job.id() + " has come though it was lost, or twice");
                delayed++;
            }
            return Bytes.EMPTY;
        });
        jobs.schedule("nightly", Cron.of("0 3 * * *", ZONE), JobSpec.of("night", Bytes.EMPTY));
        return node;
    }

    /** What the program calls, while others of the version before do. */
    private static void use(Cluster node, Version version) {
        takeTurns(node, version);
        node.semaphore("licences", version.permits).run(() -> {});
        node.topic("news", version.capacity).publish(Bytes.EMPTY);
        node.map("settings", version.capacity).put("key", Bytes.EMPTY);
    }

    /** As many as are made while another version wants some. */
    private static void takeTurns(Cluster node, Version version) {
        ClusterRateLimiter calls = node.limiter("calls", version.perSecond, version.burst);
        for (int i = 0; i <= version.burst; i++) {
            calls.acquire();
        }
    }

    /** The numbers of a version that all nodes have. */
    private void check(Version version) {
        Cluster node = nodes[random.below(nodes.length)];
        ClusterRateLimiter limiter = node.limiter("calls", version.perSecond, version.burst);
        turnsIn(Duration.ofSeconds(60), limiter); // what was left of a larger burst
        int turns = turnsIn(Duration.ofSeconds(60), limiter);
        rules.that(turns <= version.perSecond * 60 + version.burst && turns >= version.perSecond * 30,
                turns + " turns in a minute at " + version.perSecond + " a second");
        ClusterSemaphore licences = node.semaphore("licences", version.permits);
        int permits = 0;
        while (licences.tryAcquire()) {
            permits++;
        }
        rules.that(permits == version.permits, permits + " permits, not " + version.permits);
        for (; permits > 0; permits--) {
            licences.release();
        }
        for (int i = 0; i < 60; i++) {
            node.topic("news", version.capacity).publish(Bytes.EMPTY);
        }
        int kept = node.lease().store().list("topics/news", ReadConsistency.FRESH).join().entries().size();
        rules.that(kept == version.capacity, kept + " messages are kept, not " + version.capacity);
        List<Task<Integer>> parties = new ArrayList<>();
        for (int i = 0; i < version.parties; i++) {
            Cluster party = nodes[i % nodes.length];
            parties.add(Heddle.spawn(() -> party.barrier("ready", version.parties).await()));
        }
        rules.that(parties.stream().mapToInt(Task::join).max().orElse(-1) == version.parties - 1,
                "a barrier of " + version.parties);
    }

    private static int turnsIn(Duration time, ClusterRateLimiter limiter) {
        int[] turns = {0};
        Heddle.moveOnAfter(time, () -> {
            while (true) {
                limiter.acquire();
                turns[0]++;
            }
        });
        return turns[0];
    }

    // ---- what happens ----

    private void mishap(Version version) {
        switch (random.below(12)) {
            case 0 -> stopFor(Duration.ofHours(1 + random.below(10)), version);
            case 1 -> nodes[random.below(nodes.length)].lease().end("the test says so");
            case 2 -> Sim.current().shiftWallClock(Duration.ofMinutes(random.below(100) - 50));
            default -> {}
        }
    }

    /** All are down, and one night passes whose job is due when they are back. */
    private void stopOverNight(Version version) {
        stopFor(Duration.between(local(), night().plusDays(1).atTime(6, 0)), version);
    }

    private void stopFor(Duration time, Version version) {
        leave();
        Heddle.sleep(time);
        down = down.plus(time);
        startAll(version);
    }

    private void leave() {
        for (Cluster node : nodes) {
            node.close();
        }
    }

    private void startAll(Version version) {
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = start("node" + i, version);
        }
    }

    /** The disks are lost, and what is put there was saved some hours before. */
    private void restore(Version version) {
        store.backUp();
        sinceBackup.clear();
        Duration saved = elapsed();
        // All see that a member goes and comes; where nothing was written since the backup, nothing has gone back.
        nodes[0].lease().end("the test says so");
        Heddle.sleep(Duration.ofHours(1 + random.below(12)));
        Token before = newest();
        try (var told = new YearOfDisks.Told()) {
            store.restore();
            again.addAll(sinceBackup);
            Heddle.sleep(Duration.ofMinutes(10));
            rules.that(told.count("the store has gone back") == nodes.length,
                    told.count("the store has gone back") + " nodes say that the store has gone back");
            for (Cluster node : nodes) {
                rules.that(!node.isJoined(), node + " goes on in a store that has gone back");
            }
        }
        leave();
        store.beginAnew();
        startAll(version);
        // Of a delay, a leader writes down each minute.
        down = down.plus(elapsed().minus(saved)).plusMinutes(1);
        rules.that(nodes[0].self().token().compareTo(before) > 0, "tokens begin again in a store that was restored");
    }

    /** The disks are lost, and empty ones are there. */
    private void wipe(Version version) {
        Token before = newest();
        LocalDate night = night();
        try (var told = new YearOfDisks.Told()) {
            store.wipe();
            Heddle.sleep(Duration.ofMinutes(10));
            rules.that(told.count("it was wiped") == nodes.length,
                    told.count("it was wiped") + " nodes say that the store was wiped");
        }
        lost += open.size();
        open.clear();
        leave();
        startAll(version);
        missing += (int) ChronoUnit.DAYS.between(night, night());
        rules.that(nodes[0].self().token().compareTo(before) > 0, "tokens begin again in a store that was wiped");
    }

    private Token newest() {
        return Arrays.stream(nodes).map(node -> node.self().token()).max(Comparator.naturalOrder()).orElseThrow();
    }

    /** The last one whose job has been due. */
    private static LocalDate night() {
        return local().minusHours(3).toLocalDate();
    }

    private static LocalDateTime local() {
        return LocalDateTime.ofInstant(Heddle.currentLoop().engine().now(), ZONE);
    }

    private void putOff(int week) {
        Duration delay = Duration.ofDays(1 + random.below(30));
        nodes[0].jobs("q").submit(JobSpec.of("later", Bytes.utf8(elapsed().plus(delay) + " " + down))
                .withId("later" + week).withDelay(delay));
        open.add("later" + week);
    }

    private static Duration elapsed() {
        return Duration.ofNanos(Heddle.currentLoop().nanoTime());
    }

    private void checkNights() {
        LocalDateTime now = local();
        Heddle.sleep(Duration.between(now, now.toLocalDate().plusDays(1).atTime(12, 0)));
        long days = ChronoUnit.DAYS.between(LocalDate.ofInstant(START, ZONE), now.toLocalDate().plusDays(1));
        rules.that(nights.size() == new TreeSet<>(nights).size(), "a night has come twice: " + nights);
        rules.that(nights.size() <= days && nights.size() >= days - missing,
                nights.size() + " nights in " + days + " days, of which " + missing + " may be missing");
    }

    private static void within(String what, Runnable body) {
        try {
            if (!Heddle.moveOnAfter(LIMIT.plusMinutes(3), body::run)) {
                throw new AssertionError(what + " take too long");
            }
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": " + e, e);
        }
    }
}
