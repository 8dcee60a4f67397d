package dev.heddle.sim.programs;

import dev.heddle.sim.QuietSim;
import dev.heddle.sim.SimRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Writes random programs: few tasks, few things, so that they meet. */
final class ProgramWriter {

    private static final int MOST_STATEMENTS = 22;
    private static final int DEEPEST = 6;
    private static final int MOST_TASKS = 5;

    /** What the statements of a program are drawn from, beside those that every program may have; two or three sets. */
    private static final List<Set<Verb>> THEMES = List.of(
            EnumSet.of(Verb.SEND, Verb.RECEIVE, Verb.SEND_WITHIN, Verb.RECEIVE_WITHIN, Verb.TRY_SEND,
                    Verb.TRY_RECEIVE, Verb.CLOSE, Verb.ABORT),
            EnumSet.of(Verb.SEND, Verb.RECEIVE),
            EnumSet.of(Verb.LOCK, Verb.LOCK_WITHIN),
            EnumSet.of(Verb.PERMIT, Verb.PERMIT_WITHIN, Verb.TRY_PERMIT),
            EnumSet.of(Verb.TOKEN, Verb.TOKEN_WITHIN),
            EnumSet.of(Verb.SET, Verb.CLEAR, Verb.AWAIT, Verb.AWAIT_WITHIN),
            EnumSet.of(Verb.KEEP, Verb.BREAK, Verb.CANCEL_PROMISE, Verb.JOIN_PROMISE),
            EnumSet.of(Verb.SPAWN, Verb.JOIN, Verb.CANCEL, Verb.FAIL),
            EnumSet.of(Verb.OPEN, Verb.CANCEL_SCOPE, Verb.SHIELD, Verb.SWALLOW, Verb.FINALLY),
            EnumSet.of(Verb.TIMEOUT, Verb.MOVE_ON_AFTER, Verb.SHIELD, Verb.FINALLY));

    private static final List<Verb> ALWAYS = List.of(
            Verb.SLEEP, Verb.SLEEP, Verb.CHECKPOINT, Verb.TIMEOUT, Verb.MOVE_ON_AFTER, Verb.GROUP, Verb.SPAWN_IN_GROUP,
            Verb.SPAWN_IN_GROUP, Verb.SPAWN_IN_GROUP, Verb.JOIN, Verb.CANCEL, Verb.CANCEL_GROUP, Verb.ATTEMPT,
            Verb.REPEAT, Verb.FAIL, Verb.OFFLOAD);

    /** What an offloaded body may do: it is no task, so it does not wait. */
    private static final Set<Verb> ON_A_WORKER =
            EnumSet.of(Verb.FAIL, Verb.SET, Verb.TRY_SEND, Verb.TRY_RECEIVE, Verb.KEEP, Verb.CLOSE, Verb.CANCEL);

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
        left = 6 + random.below(MOST_STATEMENTS - 6);
        List<Statement> body = new ArrayList<>();
        if (random.chance(0.8)) {
            List<Statement> inside = new ArrayList<>();
            for (int i = 1 + random.below(3); i > 0; i--) {
                inside.add(spawn(Verb.SPAWN_IN_GROUP, 1, true));
            }
            inside.addAll(block(1, true));
            body.add(Statement.of(Verb.GROUP, 0, 0).withBody(inside));
        }
        while (left > 0) {
            body.addAll(block(0, false));
        }
        return new Program(body);
    }

    private List<Statement> block(int depth, boolean inGroup) {
        List<Statement> statements = new ArrayList<>();
        for (int i = 1 + random.below(4); i > 0 && left > 0; i--) {
            statements.add(statement(depth, inGroup));
        }
        return statements;
    }

    private Statement statement(int depth, boolean inGroup) {
        left--;
        Verb verb = random.oneOf(verbs);
        while (!fits(verb, depth, inGroup)) {
            verb = random.oneOf(verbs);
        }
        return switch (verb) {
            case SPAWN, SPAWN_IN_GROUP -> spawn(verb, depth, inGroup);
            case OFFLOAD -> offload();
            default -> new Statement(
                    verb,
                    target(verb),
                    number(verb),
                    verb.form.block ? block(depth + 1, verb == Verb.GROUP || inGroup) : List.of());
        };
    }

    private boolean fits(Verb verb, int depth, boolean inGroup) {
        return switch (verb) {
            case SPAWN -> tasks < MOST_TASKS && depth < DEEPEST;
            case SPAWN_IN_GROUP -> inGroup && tasks < MOST_TASKS && depth < DEEPEST;
            case CANCEL_GROUP -> inGroup && random.chance(0.4);
            case FAIL, CLOSE, ABORT -> random.chance(0.4);
            case OFFLOAD -> random.chance(0.3);
            default -> !verb.form.block || depth < DEEPEST;
        };
    }

    private Statement spawn(Verb verb, int depth, boolean inGroup) {
        return new Statement(verb, ++tasks, 0, block(depth + 1, verb == Verb.SPAWN_IN_GROUP && inGroup));
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
            case 't' -> 1 + random.below(MOST_TASKS);
            default -> random.chance(0.8) ? 1 : 2;
        };
    }

    private int number(Verb verb) {
        if (!verb.form.number) {
            return 0;
        }
        return verb == Verb.REPEAT ? 2 + random.below(2) : random.below(7);
    }
}
