package dev.heddle.sim.programs;

import dev.heddle.sim.QuietSim;
import dev.heddle.sim.SimRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes random programs: few tasks, few things, so that they meet. */
final class ProgramWriter {

    private static final int MAX_STATEMENTS = 22;
    private static final int DEEPEST = 6;
    private static final int MAX_TASKS = 5;

    /** What the statements of a program are drawn from, beside those that every program may have; two or three sets. */
    private static final List<Set<Verb>> THEMES = List.of(
            EnumSet.of(Verb.SEND, Verb.RECEIVE, Verb.SEND_WITHIN, Verb.RECEIVE_WITHIN, Verb.TRY_SEND,
                    Verb.TRY_RECEIVE, Verb.CLOSE, Verb.ABORT),
            EnumSet.of(Verb.SEND, Verb.RECEIVE),
            EnumSet.of(Verb.SELECT, Verb.SELECT_IN_ORDER, Verb.SELECT_WITHIN, Verb.SEND, Verb.RECEIVE, Verb.SET,
                    Verb.KEEP, Verb.CLOSE),
            EnumSet.of(Verb.PUT, Verb.PUT_WITHIN, Verb.TAKE, Verb.TAKE_WITHIN, Verb.ELEMENT_DONE,
                    Verb.AWAIT_ALL_DONE, Verb.CLOSE_QUEUE, Verb.ABORT_QUEUE),
            EnumSet.of(Verb.SUBSCRIBE, Verb.PUBLISH, Verb.TAKE_PUBLISHED, Verb.CLOSE_BROADCAST),
            EnumSet.of(Verb.SUBSCRIBE, Verb.PUBLISH),
            EnumSet.of(Verb.LOCK, Verb.LOCK_WITHIN),
            EnumSet.of(Verb.PERMIT, Verb.PERMIT_WITHIN, Verb.TRY_PERMIT),
            EnumSet.of(Verb.TOKEN, Verb.TOKEN_WITHIN, Verb.LEND, Verb.GIVE_BACK),
            EnumSet.of(Verb.MONITOR, Verb.WAIT, Verb.WAIT_WITHIN, Verb.SIGNAL, Verb.SIGNAL_ALL),
            EnumSet.of(Verb.ARRIVE, Verb.ABORT_BARRIER, Verb.RESET),
            EnumSet.of(Verb.SET, Verb.CLEAR, Verb.AWAIT, Verb.AWAIT_WITHIN),
            EnumSet.of(Verb.KEEP, Verb.BREAK, Verb.CANCEL_PROMISE, Verb.JOIN_PROMISE),
            EnumSet.of(Verb.SPAWN, Verb.JOIN, Verb.CANCEL, Verb.FAIL),
            EnumSet.of(Verb.SPAWN, Verb.JOIN, Verb.INTERRUPT, Verb.INTERRUPT_BY_A_THREAD, Verb.SHIELD, Verb.SWALLOW),
            EnumSet.of(Verb.SPAWN_IN_POOL, Verb.POOL),
            EnumSet.of(Verb.GATHER, Verb.RACE, Verb.SERVICE),
            EnumSet.of(Verb.SUPERVISE, Verb.FAIL),
            EnumSet.of(Verb.CONNECTED, Verb.WRITE, Verb.READ, Verb.READ, Verb.END_OUTPUT, Verb.CUT,
                    Verb.PARTED, Verb.CUT_LINK),
            EnumSet.of(Verb.GENERATE),
            EnumSet.of(Verb.OPEN, Verb.CANCEL_SCOPE, Verb.SHIELD, Verb.SWALLOW, Verb.FINALLY),
            EnumSet.of(Verb.TIMEOUT, Verb.MOVE_ON_AFTER, Verb.SHIELD, Verb.FINALLY));

    /** Those that hold something while their body runs, which is dull unless that takes time. */
    private static final Set<Verb> HOLDING = EnumSet.of(
            Verb.LOCK, Verb.LOCK_WITHIN, Verb.PERMIT, Verb.PERMIT_WITHIN, Verb.TRY_PERMIT, Verb.TOKEN,
            Verb.TOKEN_WITHIN, Verb.SPAWN_IN_POOL);

    /** What one says of an element that it took. */
    private static final Set<Verb> TAKING = EnumSet.of(Verb.TAKE, Verb.TAKE_WITHIN);

    /** What stands in other statements only. */
    private static final Map<Verb, Verb> NEEDS = Map.ofEntries(
            Map.entry(Verb.SPAWN_IN_POOL, Verb.POOL),
            Map.entry(Verb.TAKE_PUBLISHED, Verb.SUBSCRIBE),
            Map.entry(Verb.WAIT, Verb.MONITOR),
            Map.entry(Verb.WAIT_WITHIN, Verb.MONITOR),
            Map.entry(Verb.SIGNAL, Verb.MONITOR),
            Map.entry(Verb.SIGNAL_ALL, Verb.MONITOR),
            Map.entry(Verb.WRITE, Verb.CONNECTED),
            Map.entry(Verb.READ, Verb.CONNECTED),
            Map.entry(Verb.CUT, Verb.CONNECTED),
            Map.entry(Verb.PARTED, Verb.CONNECTED),
            Map.entry(Verb.CUT_LINK, Verb.CONNECTED),
            Map.entry(Verb.END_OUTPUT, Verb.CONNECTED));

    /** Tasks that are inside of nothing. */
    private static final Set<Verb> ALONE = EnumSet.of(Verb.SPAWN, Verb.SERVICE, Verb.SUPERVISE);

    private static final List<Verb> ALWAYS = List.of(
            Verb.SLEEP, Verb.SLEEP, Verb.CHECKPOINT, Verb.TIMEOUT, Verb.MOVE_ON_AFTER, Verb.GROUP, Verb.SPAWN_IN_GROUP,
            Verb.SPAWN_IN_GROUP, Verb.SPAWN_IN_GROUP, Verb.JOIN, Verb.CANCEL, Verb.CANCEL_GROUP, Verb.ATTEMPT,
            Verb.REPEAT, Verb.FAIL, Verb.OFFLOAD);

    /** What an offloaded body may do: it is no task, so it does not wait. */
    private static final Set<Verb> ON_A_WORKER = EnumSet.of(Verb.FAIL, Verb.SET, Verb.TRY_SEND, Verb.TRY_RECEIVE,
            Verb.KEEP, Verb.CLOSE, Verb.CANCEL);

    private final SimRandom random;
    private final List<Verb> verbs = new ArrayList<>(ALWAYS);
    private final int[] kinds = {0, 1, 2};
    private int left;
    private int tasks;

    private ProgramWriter(long seed) {
        random = QuietSim.random(seed);
    }

    /** The program of a seed. */
    static Program write(long seed) {
        return new ProgramWriter(seed).program();
    }

    private Program program() {
        for (int i = 0; i < 3; i++) {
            Set<Verb> theme = random.oneOf(THEMES);
            verbs.addAll(theme);
            verbs.addAll(theme);
        }
        kinds[0] = random.below(3);
        left = 6 + random.below(MAX_STATEMENTS - 6);
        List<Statement> body = new ArrayList<>();
        if (random.chance(0.8)) {
            List<Statement> inside = new ArrayList<>();
            for (int i = 1 + random.below(3); i > 0; i--) {
                inside.add(spawn(Verb.SPAWN_IN_GROUP, 1, EnumSet.of(Verb.GROUP)));
            }
            inside.addAll(block(1, EnumSet.of(Verb.GROUP)));
            body.add(Statement.of(Verb.GROUP, 0, 0).withBody(inside));
        }
        while (left > 0) {
            body.addAll(block(0, EnumSet.noneOf(Verb.class)));
        }
        return new Program(body);
    }

    private List<Statement> block(int depth, Set<Verb> around) {
        List<Statement> statements = new ArrayList<>();
        for (int i = 1 + random.below(4); i > 0 && left > 0; i--) {
            Statement next = statement(depth, around);
            statements.add(next);
            if (TAKING.contains(next.verb()) && random.chance(0.6)) {
                statements.add(Statement.of(Verb.ELEMENT_DONE, next.target(), 0));
            }
            if (next.verb() == Verb.PARTED && random.chance(0.6)) {
                statements.add(Statement.of(Verb.READ, next.target(), number(Verb.READ)));
            }
        }
        return statements;
    }

    private Statement statement(int depth, Set<Verb> around) {
        left--;
        Verb verb = random.oneOf(verbs);
        while (!fits(verb, depth, around)) {
            verb = random.oneOf(verbs);
        }
        // What needs something around it gets it, more often than not there already.
        Verb needed = NEEDS.get(verb);
        return needed == null || around.contains(needed)
                ? inside(verb, depth, around)
                : new Statement(needed, target(needed), number(needed), List.of(
                        inside(verb, depth + 1, with(around, needed))));
    }

    private Statement inside(Verb verb, int depth, Set<Verb> around) {
        return switch (verb) {
            case SPAWN, SPAWN_IN_GROUP, SPAWN_IN_POOL, SERVICE, SUPERVISE -> spawn(verb, depth, around);
            case OFFLOAD -> offload();
            case SELECT, SELECT_IN_ORDER, SELECT_WITHIN -> new Statement(verb, 0, number(verb), clauses());
            case GATHER, RACE -> new Statement(verb, 0, 0, bodies(depth));
            default -> new Statement(verb, target(verb), number(verb), verb.form.block
                    ? body(verb, depth, with(around, verb))
                    : List.of());
        };
    }

    private List<Statement> body(Verb verb, int depth, Set<Verb> around) {
        List<Statement> body = new ArrayList<>();
        if (HOLDING.contains(verb) && random.chance(0.6)) {
            body.add(Statement.of(Verb.SLEEP, 0, random.below(4)));
        }
        if (verb == Verb.SUBSCRIBE && random.chance(0.4)) {
            body.add(Statement.of(Verb.PUBLISH, target(Verb.PUBLISH), 0)); // so that the next finds it full
        }
        if (verb == Verb.PARTED && random.chance(0.6)) {
            body.add(Statement.of(Verb.WRITE, target(Verb.WRITE), number(Verb.WRITE)));
        }
        body.addAll(block(depth + 1, around));
        return body;
    }

    private static Set<Verb> with(Set<Verb> around, Verb verb) {
        Set<Verb> all = new HashSet<>(around);
        all.add(verb);
        if (verb == Verb.GROUP) {
            all.remove(Verb.POOL);
        }
        return all;
    }

    private boolean fits(Verb verb, int depth, Set<Verb> around) {
        boolean inGroup = around.contains(Verb.GROUP);
        return switch (verb) {
            case SPAWN, GATHER, RACE -> tasks < MAX_TASKS && depth < DEEPEST;
            case SPAWN_IN_GROUP, SPAWN_IN_POOL, SERVICE, SUPERVISE -> inGroup && tasks < MAX_TASKS && depth < DEEPEST;
            case POOL -> inGroup && depth < DEEPEST;
            case CANCEL_GROUP -> inGroup && random.chance(0.4);
            case FAIL, CLOSE, ABORT, CLOSE_QUEUE, ABORT_QUEUE, CLOSE_BROADCAST, ABORT_BARRIER, CUT, CUT_LINK ->
                random.chance(0.4);
            case OFFLOAD -> random.chance(0.3);
            default -> !verb.form.block || depth < DEEPEST;
        };
    }

    private Statement spawn(Verb verb, int depth, Set<Verb> around) {
        int target = ++tasks;
        Set<Verb> inside = ALONE.contains(verb) ? new HashSet<>() : new HashSet<>(around);
        inside.remove(Verb.SUBSCRIBE);
        inside.remove(Verb.MONITOR);
        inside.add(verb);
        return new Statement(verb, target, number(verb), body(verb, depth, inside));
    }

    private List<Statement> clauses() {
        List<Verb> possible = List.of(Verb.SEND, Verb.RECEIVE, Verb.RECEIVE, Verb.AWAIT, Verb.JOIN_PROMISE);
        List<Statement> clauses = new ArrayList<>();
        for (int i = 1 + random.below(3); i > 0; i--) {
            Verb verb = random.oneOf(possible);
            clauses.add(Statement.of(verb, target(verb), 0));
        }
        return clauses;
    }

    private List<Statement> bodies(int depth) {
        List<Statement> bodies = new ArrayList<>();
        for (int i = 1 + random.below(3); i > 0; i--) {
            tasks++;
            bodies.add(new Statement(Verb.BODY, 0, 0, block(depth + 1, EnumSet.of(Verb.BODY))));
        }
        return bodies;
    }

    private Statement offload() {
        List<Verb> possible = verbs.stream().filter(ON_A_WORKER::contains).toList();
        Verb verb = random.oneOf(possible);
        return Statement.of(Verb.OFFLOAD, 0, 0, Statement.of(verb, target(verb), number(verb)));
    }

    private int target(Verb verb) {
        return switch (verb.letter) {
            case ' ' -> 0;
            case 'c' -> random.chance(0.8) ? kinds[0] : random.below(3);
            case 's', 'l' -> random.chance(0.7) ? 1 : 2;
            case 'q' -> random.chance(0.6) ? 1 + kinds[0] : 1 + random.below(3);
            case 'b' -> random.chance(0.7) ? 2 : 3;
            case 'k', 'r', 'n' -> 1;
            case 't' -> 1 + random.below(MAX_TASKS);
            default -> random.chance(0.8) ? 1 : 2;
        };
    }

    private int number(Verb verb) {
        if (!verb.form.number) {
            return 0;
        }
        return switch (verb) {
            case REPEAT -> 2 + random.below(2);
            case POOL, LEND, GIVE_BACK -> 1 + random.below(2);
            case SUBSCRIBE -> random.below(10);
            default -> random.below(7);
        };
    }
}
