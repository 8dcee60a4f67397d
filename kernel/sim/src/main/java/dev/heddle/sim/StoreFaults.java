package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The faults of a {@link SimStore} that come by themselves, drawn from the seed. Those at a chosen moment are methods of
 * the store; those of hosts and lines are in {@link FaultPlan}, {@link SimNetwork} and {@link SimHost}.
 *
 * <p>Chances are from 0 to 1. Times are not negative. What comes "every" so often comes at drawn times with about that
 * mean, or never if it is zero.
 */
public final class StoreFaults {

    /** More, and a session could be over before who owns it stops to believe in it. */
    public static final double MAX_EARLY_EXPIRY = 0.25;

    /** No faults. */
    public static final StoreFaults NONE = new StoreFaults(0, 0, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO,
            Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO, 0, 0, 0, Duration.ZERO,
            Duration.ZERO, Duration.ZERO, 0, 0);

    /** A bad day: all of them. */
    public static final StoreFaults ROUGH = NONE
            .withNotSent(0.02)
            .withUnknown(0.05, Duration.ofSeconds(10))
            .withResends(0.3)
            .withCuts(Duration.ofSeconds(20))
            .withLeaderChanges(Duration.ofSeconds(30))
            .withCrashes(Duration.ofMinutes(1), Duration.ofSeconds(10))
            .withLags(0.05, Duration.ofSeconds(2))
            .withLateSignals(0.1, Duration.ofSeconds(2))
            .withSplits(0.3, Duration.ofMillis(500))
            .withMerges(0.3)
            .withGaps(0.05)
            .withReplays(0.3)
            .withSilences(Duration.ofMinutes(2), Duration.ofSeconds(30))
            .withLateNotices(Duration.ofSeconds(5))
            .withExpiryTimes(MAX_EARLY_EXPIRY, 1);

    private final double notSentChance;
    private final double unknownChance;
    private final Duration lateFor;
    private final double resendChance;
    private final Duration cutEvery;
    private final Duration leaderChangeEvery;
    private final Duration crashEvery;
    private final Duration crashFor;
    private final double lagChance;
    private final Duration lagFor;
    private final double lateSignalChance;
    private final Duration lateSignalFor;
    private final double splitChance;
    private final Duration splitFor;
    private final double mergeChance;
    private final double gapChance;
    private final double replayChance;
    private final Duration silenceEvery;
    private final Duration silenceFor;
    private final Duration noticeFor;
    private final double earlyExpiry;
    private final double lateExpiry;

    private StoreFaults(double notSentChance, double unknownChance, Duration lateFor, double resendChance,
            Duration cutEvery, Duration leaderChangeEvery, Duration crashEvery, Duration crashFor, double lagChance,
            Duration lagFor, double lateSignalChance, Duration lateSignalFor, double splitChance, Duration splitFor,
            double mergeChance, double gapChance, double replayChance, Duration silenceEvery, Duration silenceFor,
            Duration noticeFor, double earlyExpiry, double lateExpiry) {
        Checks.fraction("notSentChance", notSentChance, 1);
        Checks.fraction("unknownChance", unknownChance, 1);
        Checks.notNegative("lateFor", lateFor);
        Checks.fraction("resendChance", resendChance, 1);
        Checks.notNegative("cutEvery", cutEvery);
        Checks.notNegative("leaderChangeEvery", leaderChangeEvery);
        Checks.notNegative("crashEvery", crashEvery);
        Checks.notNegative("crashFor", crashFor);
        Checks.fraction("lagChance", lagChance, 1);
        Checks.notNegative("lagFor", lagFor);
        Checks.fraction("lateSignalChance", lateSignalChance, 1);
        Checks.notNegative("lateSignalFor", lateSignalFor);
        Checks.fraction("splitChance", splitChance, 1);
        Checks.notNegative("splitFor", splitFor);
        Checks.fraction("mergeChance", mergeChance, 1);
        Checks.fraction("gapChance", gapChance, 1);
        Checks.fraction("replayChance", replayChance, 1);
        Checks.notNegative("silenceEvery", silenceEvery);
        Checks.notNegative("silenceFor", silenceFor);
        Checks.notNegative("noticeFor", noticeFor);
        Checks.fraction("earlyExpiry", earlyExpiry, MAX_EARLY_EXPIRY);
        Checks.fraction("lateExpiry", lateExpiry, 1);
        this.notSentChance = notSentChance;
        this.unknownChance = unknownChance;
        this.lateFor = lateFor;
        this.resendChance = resendChance;
        this.cutEvery = cutEvery;
        this.leaderChangeEvery = leaderChangeEvery;
        this.crashEvery = crashEvery;
        this.crashFor = crashFor;
        this.lagChance = lagChance;
        this.lagFor = lagFor;
        this.lateSignalChance = lateSignalChance;
        this.lateSignalFor = lateSignalFor;
        this.splitChance = splitChance;
        this.splitFor = splitFor;
        this.mergeChance = mergeChance;
        this.gapChance = gapChance;
        this.replayChance = replayChance;
        this.silenceEvery = silenceEvery;
        this.silenceFor = silenceFor;
        this.noticeFor = noticeFor;
        this.earlyExpiry = earlyExpiry;
        this.lateExpiry = lateExpiry;
    }

    /** The chance that a commit is not sent. */
    public double notSentChance() {
        return notSentChance;
    }

    /** The chance that a commit, or its answer, is lost with the connection. */
    public double unknownChance() {
        return unknownChance;
    }

    /** The longest time after which a commit of unknown outcome still takes place. */
    public Duration lateFor() {
        return lateFor;
    }

    /**
     * The chance that a commit whose connection breaks is sent again, rather than its caller told that nothing is
     * known.
     */
    public double resendChance() {
        return resendChance;
    }

    /** The mean time between two moments at which the connection of a session breaks. */
    public Duration cutEvery() {
        return cutEvery;
    }

    /** The mean time between two changes of the leader. */
    public Duration leaderChangeEvery() {
        return leaderChangeEvery;
    }

    /** The mean time between two crashes of a server. */
    public Duration crashEvery() {
        return crashEvery;
    }

    /** How long a crashed server stays away. */
    public Duration crashFor() {
        return crashFor;
    }

    /** The chance, for each piece of news, that a server takes up nothing for a time: reads become stale. */
    public double lagChance() {
        return lagChance;
    }

    /** The longest such time. */
    public Duration lagFor() {
        return lagFor;
    }

    /** The chance that signals are held back for a time, with all that come meanwhile. */
    public double lateSignalChance() {
        return lateSignalChance;
    }

    /** The longest such time. */
    public Duration lateSignalFor() {
        return lateSignalFor;
    }

    /**
     * The chance that the signals of one commit come apart: of those that go together some arrive, and the rest, with
     * all that the server sends behind it, a time later.
     */
    public double splitChance() {
        return splitChance;
    }

    /** The longest such time. */
    public Duration splitFor() {
        return splitFor;
    }

    /** The chance that signals which go together are merged where they are of one entry. */
    public double mergeChance() {
        return mergeChance;
    }

    /** The chance that signals are replaced by a gap. */
    public double gapChance() {
        return gapChance;
    }

    /** The chance that a session which has moved to another server is told what it missed, rather than a gap. */
    public double replayChance() {
        return replayChance;
    }

    /** The mean time between two moments at which a session begins to reach no server. */
    public Duration silenceEvery() {
        return silenceEvery;
    }

    /** The longest time for which it does not; the store takes it if that is long enough. */
    public Duration silenceFor() {
        return silenceFor;
    }

    /** The longest time until a server tells a session that the store has taken it. */
    public Duration noticeFor() {
        return noticeFor;
    }

    /**
     * The largest share of its timeout by which a session that is not heard of expires early; at most {@value
     * #MAX_EARLY_EXPIRY}.
     */
    public double earlyExpiry() {
        return earlyExpiry;
    }

    /** The largest share by which it expires late; at most 1. */
    public double lateExpiry() {
        return lateExpiry;
    }

    /** Lets commits not be sent. */
    public StoreFaults withNotSent(double chance) {
        return new StoreFaults(chance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets the outcomes of commits be unknown; some take place late. */
    public StoreFaults withUnknown(double chance, Duration lateFor) {
        return new StoreFaults(notSentChance, chance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets commits be sent again when a connection breaks. */
    public StoreFaults withResends(double chance) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, chance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets connections of sessions break now and then. */
    public StoreFaults withCuts(Duration every) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, every, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets another server lead now and then. */
    public StoreFaults withLeaderChanges(Duration every) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, every, crashEvery,
                crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets servers crash now and then. */
    public StoreFaults withCrashes(Duration every, Duration length) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                every, length, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets servers lag behind. */
    public StoreFaults withLags(double chance, Duration longest) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, chance, longest, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets signals come late. */
    public StoreFaults withLateSignals(double chance, Duration longest) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, chance, longest, splitChance, splitFor, mergeChance,
                gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry, lateExpiry);
    }

    /** Lets the signals of one commit come apart. */
    public StoreFaults withSplits(double chance, Duration longest) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, chance, longest,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets signals be merged. */
    public StoreFaults withMerges(double chance) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                chance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry, lateExpiry);
    }

    /** Lets signals be replaced by gaps. */
    public StoreFaults withGaps(double chance) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, chance, replayChance, silenceEvery, silenceFor, noticeFor, earlyExpiry,
                lateExpiry);
    }

    /** Lets sessions that move be told what they missed. */
    public StoreFaults withReplays(double chance) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, chance, silenceEvery, silenceFor, noticeFor, earlyExpiry, lateExpiry);
    }

    /** Lets sessions reach no server now and then. */
    public StoreFaults withSilences(Duration every, Duration longest) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, every, longest, noticeFor, earlyExpiry, lateExpiry);
    }

    /** Lets sessions that the store has taken learn it late. */
    public StoreFaults withLateNotices(Duration longest) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, longest, earlyExpiry,
                lateExpiry);
    }

    /** Lets sessions that are not heard of expire early and late. */
    public StoreFaults withExpiryTimes(double early, double late) {
        return new StoreFaults(notSentChance, unknownChance, lateFor, resendChance, cutEvery, leaderChangeEvery,
                crashEvery, crashFor, lagChance, lagFor, lateSignalChance, lateSignalFor, splitChance, splitFor,
                mergeChance, gapChance, replayChance, silenceEvery, silenceFor, noticeFor, early, late);
    }

    @Override
    public String toString() {
        return "StoreFaults[notSentChance=" + notSentChance + ", unknownChance=" + unknownChance + ", lateFor="
                + lateFor + ", resendChance=" + resendChance + ", cutEvery=" + cutEvery + ", leaderChangeEvery="
                + leaderChangeEvery + ", crashEvery=" + crashEvery + ", crashFor=" + crashFor + ", lagChance="
                + lagChance + ", lagFor=" + lagFor + ", lateSignalChance=" + lateSignalChance + ", lateSignalFor="
                + lateSignalFor + ", splitChance=" + splitChance + ", splitFor=" + splitFor + ", mergeChance="
                + mergeChance + ", gapChance=" + gapChance + ", replayChance=" + replayChance + ", silenceEvery="
                + silenceEvery + ", silenceFor=" + silenceFor + ", noticeFor=" + noticeFor + ", earlyExpiry="
                + earlyExpiry + ", lateExpiry=" + lateExpiry + "]";
    }
}
