package dev.heddle.internal.generators;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The points where a body yields, what is in its frame there, and which objects it has to make in one piece.
 *
 * <p>An object whose constructor is not called yet cannot be kept in a field. Nor can a machine call a constructor that
 * only its host may call. Such an object is made at the call of its constructor instead of before its arguments; a null
 * stands for it until then.
 */
final class YieldPoints implements FrameWalk.Visitor {

    private final BodyMethod body;
    private final MemberAccess access;
    private final Map<Integer, SlotFrame> yields = new TreeMap<>();
    private final Map<Integer, Integer> constructors = new HashMap<>();
    private final Set<Integer> clean = new HashSet<>();
    private final Set<Integer> deferred = new HashSet<>();

    YieldPoints(BodyMethod body, MemberAccess access) {
        this.body = body;
        this.access = access;
        new FrameWalk(body.code(), new Effects(body.outs()), entry()).walk(this);
        if (yields.isEmpty()) {
            throw new Refused("it does not yield itself");
        }
        for (Map.Entry<Integer, Integer> each : constructors.entrySet()) {
            if (deferred.contains(each.getValue()) && !clean.contains(each.getKey())) {
                throw new Refused("it moves an object about before its constructor is called");
            }
        }
    }

    private SlotFrame entry() {
        SlotFrame frame = new SlotFrame(body.code().maxLocals(), body.outs().outType());
        int out = body.parameters().getLast().slot();
        for (BodyMethod.Parameter each : body.parameters()) {
            Value value = Value.of(each.type());
            if (frame.isOut(value) && each.slot() != out) {
                throw new Refused("it has the out of another body");
            }
            frame.set(each.slot(), value);
        }
        return frame;
    }

    @Override
    public void visit(Instruction instruction, int bci, SlotFrame before) {
        if (!(instruction instanceof InvokeInstruction call)) {
            return;
        }
        if (body.outs().isYield(call)) {
            SlotFrame frame = before.copy();
            frame.popSlot();
            frame.popSlot();
            yields.put(bci, frame);
            defer(frame.stack);
            defer(List.of(frame.locals));
        } else if (isConstructor(call)) {
            lookAtConstructor(call, bci, before);
        }
    }

    private void defer(List<Value> values) {
        for (Value each : values) {
            if (each.isUninitialized()) {
                deferred.add(each.newAt());
            }
        }
    }

    static boolean isConstructor(InvokeInstruction call) {
        return call.opcode() == Opcode.INVOKESPECIAL && call.name().equalsString(ConstantDescs.INIT_NAME);
    }

    private void lookAtConstructor(InvokeInstruction call, int bci, SlotFrame before) {
        SlotFrame frame = before.copy();
        frame.take(call.typeSymbol().parameterCount());
        Value made = frame.popSlot();
        constructors.put(bci, made.newAt());
        if (!access.isOpenMethod(call.owner().asSymbol(), ConstantDescs.INIT_NAME, call.typeSymbol())) {
            deferred.add(made.newAt());
        }
        if (!frame.stack.isEmpty() && frame.popSlot().equals(made)
                && !frame.stack.contains(made)
                && !List.of(frame.locals).contains(made)) {
            clean.add(bci);
        }
    }

    /** The frames at the yields without the out and what is yielded, by bytecode index, in the order of the code. */
    Map<Integer, SlotFrame> frames() {
        return yields;
    }

    /** Whether the object made here is made at the call of its constructor instead. */
    boolean isDeferred(int newAt) {
        return deferred.contains(newAt);
    }

    /** Whether the constructor called here is that of such an object. */
    boolean constructsDeferred(int bci) {
        Integer made = constructors.get(bci);
        return made != null && deferred.contains(made);
    }
}
