package dev.heddle.sim.programs;

import java.util.HashMap;
import java.util.Map;

/** The kinds of statements of a {@link Program}, and how each is written. */
enum Verb {
    // Time and cancels.
    SLEEP(Form.NUMBER, ' ', "sleep"),
    CHECKPOINT(Form.PLAIN, ' ', "checkpoint"),
    TIMEOUT(Form.NUMBER_BLOCK, ' ', "timeout"),
    MOVE_ON_AFTER(Form.NUMBER_BLOCK, ' ', "moveOnAfter"),
    SHIELD(Form.NUMBER_BLOCK, ' ', "shield"),
    OPEN(Form.BLOCK, 'x', "open"),
    CANCEL_SCOPE(Form.PLAIN, 'x', "cancel"),
    OFFLOAD(Form.BLOCK, ' ', "offload"),

    // Control flow of a task's own.
    ATTEMPT(Form.BLOCK, ' ', "catchFailures"),
    SWALLOW(Form.BLOCK, ' ', "swallowCancels"),
    FINALLY(Form.BLOCK, ' ', "cleanUpAfter"),
    REPEAT(Form.NUMBER_BLOCK, ' ', "repeat"),
    FAIL(Form.PLAIN, ' ', "fail"),

    // Tasks and groups.
    GROUP(Form.BLOCK, ' ', "group"),
    CANCEL_GROUP(Form.PLAIN, ' ', "cancelGroup"),
    SPAWN_IN_GROUP(Form.BLOCK, 't', "spawnInGroup"),
    SPAWN(Form.BLOCK, 't', "spawn"),
    JOIN(Form.PLAIN, 't', "join"),
    CANCEL(Form.PLAIN, 't', "cancel"),

    // Of the thread of a task: by the task that says so, or by a thread that is no task.
    INTERRUPT(Form.PLAIN, 't', "interrupt"),
    INTERRUPT_BY_A_THREAD(Form.PLAIN, 't', "interruptByAThread"),

    SERVICE(Form.BLOCK, 't', "spawnService"),
    SUPERVISE(Form.NUMBER_BLOCK, 't', "supervise"),
    POOL(Form.NUMBER_BLOCK, ' ', "pool"),
    SPAWN_IN_POOL(Form.BLOCK, 't', "spawnInPool"),
    GATHER(Form.BLOCK, ' ', "gather"),
    RACE(Form.BLOCK, ' ', "race"),
    BODY(Form.BLOCK, ' ', "body"),
    GENERATE(Form.NUMBER_BLOCK, ' ', "generate"),

    // Channels; c2 has a capacity of 2.
    SEND(Form.PLAIN, 'c', "send"),
    SEND_WITHIN(Form.NUMBER, 'c', "sendWithin"),
    TRY_SEND(Form.PLAIN, 'c', "trySend"),
    RECEIVE(Form.PLAIN, 'c', "receive"),
    RECEIVE_WITHIN(Form.NUMBER, 'c', "receiveWithin"),
    TRY_RECEIVE(Form.PLAIN, 'c', "tryReceive"),
    CLOSE(Form.PLAIN, 'c', "close"),
    ABORT(Form.PLAIN, 'c', "abort"),

    // Of the sends, receives and awaits inside, one is done.
    SELECT(Form.BLOCK, ' ', "select"),
    SELECT_IN_ORDER(Form.BLOCK, ' ', "selectInOrder"),
    SELECT_WITHIN(Form.NUMBER_BLOCK, ' ', "selectWithin"),

    // Queues of work: q1 gives the oldest first, q2 the newest, q3 the largest.
    PUT(Form.PLAIN, 'q', "put"),
    PUT_WITHIN(Form.NUMBER, 'q', "putWithin"),
    TAKE(Form.PLAIN, 'q', "take"),
    TAKE_WITHIN(Form.NUMBER, 'q', "takeWithin"),
    ELEMENT_DONE(Form.PLAIN, 'q', "taskDone"),
    AWAIT_ALL_DONE(Form.PLAIN, 'q', "awaitAllDone"),
    CLOSE_QUEUE(Form.PLAIN, 'q', "close"),
    ABORT_QUEUE(Form.PLAIN, 'q', "abort"),

    // Broadcasts: the number of a subscription says its capacity and what happens when it is full.
    SUBSCRIBE(Form.NUMBER_BLOCK, 'r', "subscribe"),
    PUBLISH(Form.PLAIN, 'r', "send"),
    TAKE_PUBLISHED(Form.PLAIN, 'r', "receive"),
    CLOSE_BROADCAST(Form.PLAIN, 'r', "close"),

    // Locks, permits and tokens; s2 has two permits.
    LOCK(Form.BLOCK, 'm', "run"),
    LOCK_WITHIN(Form.NUMBER_BLOCK, 'm', "runWithin"),
    PERMIT(Form.BLOCK, 's', "run"),
    PERMIT_WITHIN(Form.NUMBER_BLOCK, 's', "runWithin"),
    TRY_PERMIT(Form.BLOCK, 's', "tryRun"),
    TOKEN(Form.BLOCK, 'l', "run"),
    TOKEN_WITHIN(Form.NUMBER_BLOCK, 'l', "runWithin"),

    // Tokens of borrowers that are only named, by numbers: any task gives them back.
    LEND(Form.NUMBER, 'l', "acquireFor"),
    GIVE_BACK(Form.NUMBER, 'l', "releaseFor"),

    // Mutexes with a condition.
    MONITOR(Form.BLOCK, 'k', "run"),
    WAIT(Form.PLAIN, 'k', "await"),
    WAIT_WITHIN(Form.NUMBER, 'k', "awaitWithin"),
    SIGNAL(Form.PLAIN, 'k', "signal"),
    SIGNAL_ALL(Form.PLAIN, 'k', "signalAll"),

    // Barriers; b3 is for three.
    ARRIVE(Form.PLAIN, 'b', "await"),
    ABORT_BARRIER(Form.PLAIN, 'b', "abort"),
    RESET(Form.PLAIN, 'b', "reset"),

    // A connection, open while its block runs; thousands of bytes to write, hundreds to read.
    CONNECTED(Form.BLOCK, 'n', "connected"),
    WRITE(Form.NUMBER, 'n', "write"),
    READ(Form.NUMBER, 'n', "read"),
    END_OUTPUT(Form.PLAIN, 'n', "closeOutput"),
    CUT(Form.PLAIN, 'n', "abort"),
    PARTED(Form.BLOCK, 'n', "parted"),
    CUT_LINK(Form.PLAIN, 'n', "cutLink"),

    // Events and promises.
    SET(Form.PLAIN, 'e', "set"),
    CLEAR(Form.PLAIN, 'e', "clear"),
    AWAIT(Form.PLAIN, 'e', "await"),
    AWAIT_WITHIN(Form.NUMBER, 'e', "awaitWithin"),
    KEEP(Form.PLAIN, 'p', "complete"),
    BREAK(Form.PLAIN, 'p', "fail"),
    CANCEL_PROMISE(Form.PLAIN, 'p', "cancel"),
    JOIN_PROMISE(Form.PLAIN, 'p', "join");

    /** What comes behind the word. */
    enum Form {
        PLAIN(false, false),
        NUMBER(true, false),
        BLOCK(false, true),
        NUMBER_BLOCK(true, true);

        final boolean number;
        final boolean block;

        Form(boolean number, boolean block) {
            this.number = number;
            this.block = block;
        }
    }

    private static final Map<String, Verb> BY_TEXT = new HashMap<>();

    static {
        for (Verb each : values()) {
            BY_TEXT.put(each.letter + each.word, each);
        }
    }

    final Form form;

    /** The letter of the objects that it is called on; a blank for none. */
    final char letter;

    final String word;

    Verb(Form form, char letter, String word) {
        this.form = form;
        this.letter = letter;
        this.word = word;
    }

    boolean hasTarget() {
        return letter != ' ';
    }

    /** The verb of a word that is called on an object of this letter. */
    static Verb of(char letter, String word) {
        Verb found = BY_TEXT.get(letter + word);
        if (found == null) {
            throw new IllegalArgumentException("no such statement: " + letter + "." + word);
        }
        return found;
    }
}
