package dev.heddle.cluster.sql.sim;

/** How often what goes wrong by itself with a simulated database, as chances for each message. */
enum Weather {

    /** Nothing goes wrong. */
    FINE(0, 0, 0, 0, 0),

    /** As on a bad day. */
    ROUGH(0.004, 0.06, 0.006, 0.4, 0.02),

    /** Each notice is lost, late or doubled, and all else goes well. */
    MUTE(0, 0, 0, 1, 0);

    /** A message that is lost, or that loses the connection. */
    final double trouble;

    /** The same for a commit. */
    final double commitTrouble;

    /** A statement that the server refuses this time. */
    final double refusal;

    /** A notice that is lost, late or doubled. */
    final double notice;

    /** A message that takes long. */
    final double slow;

    Weather(double trouble, double commitTrouble, double refusal, double notice, double slow) {
        this.trouble = trouble;
        this.commitTrouble = commitTrouble;
        this.refusal = refusal;
        this.notice = notice;
        this.slow = slow;
    }
}
