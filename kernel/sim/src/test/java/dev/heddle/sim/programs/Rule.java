package dev.heddle.sim.programs;

/** What must always be so; how often each was looked at is counted. */
enum Rule {
    NO_WAIT_IN_A_CANCELLED_SCOPE("no call waits that began in a cancelled scope"),
    CANCEL_HAS_A_CAUSE("a call is cancelled only in a cancelled scope"),
    COMMITTED_IS_DELIVERED("what was handed to a waiting call is what it gives, though a cancel comes"),
    NO_NEEDLESS_WAIT("a call that can go on does not wait"),
    NO_LOST_WAKE_UP("a call that may go on goes on before time passes"),
    RIGHT_RESULT("a call gives what the model has: no element lost or doubled, in order"),
    LIMIT_IS_KEPT("a call with a limit ends at it, and not before"),
    SLEEP_IS_EXACT("a sleep takes its time and no more"),
    TASK_RUNS("a task that was spawned runs"),
    CHILDREN_END_FIRST("a group ends after its tasks, a task after those it owns"),
    FAILURES_COME_OUT("a group throws the failures of its tasks and its body, all of them and no others"),
    SCOPE_ENDS_ITS_CANCEL("a scope swallows its own cancel and passes on everything else"),
    FAILURE_IS_TOLD("a failure that nobody joined is reported"),
    PARTED_LINK_IS_SILENT("what was written while a link was parted does not arrive before it is healed"),
    NOTHING_IS_HELD("at the end nothing is held and nobody waits");

    final String words;

    Rule(String words) {
        this.words = words;
    }
}
