package dev.heddle.internal.generators;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.UninitializedVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A walk through a method from its first instruction to its last, which knows the {@link SlotFrame} before each.
 *
 * <p>No search for a fixed point is needed: the compiler has written down the frame at each target of a branch, and
 * between them one follows from the other (JVMS 25, 4.10.1).
 */
final class FrameWalk {

    /** Is told of each instruction. */
    @FunctionalInterface
    interface Visitor {
        void visit(Instruction instruction, int bci, SlotFrame before);
    }

    private final CodeAttribute code;
    private final Effects effects;
    private final SlotFrame entry;
    private final Map<Integer, ClassDesc> made = new HashMap<>();
    private final Map<Integer, SlotFrame> declared = new HashMap<>();

    FrameWalk(CodeAttribute code, Effects effects, SlotFrame entry) {
        this.code = code;
        this.effects = effects;
        this.entry = entry;
        int bci = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction instruction) {
                if (instruction instanceof NewObjectInstruction make) {
                    made.put(bci, make.className().asSymbol());
                }
                bci += instruction.sizeInBytes();
            }
        }
        StackMapTableAttribute table = code.findAttribute(Attributes.stackMapTable()).orElse(null);
        if (table != null) {
            for (StackMapFrameInfo frame : table.entries()) {
                declared.put(code.labelToBci(frame.target()), frameOf(frame));
            }
        }
    }

    void walk(Visitor visitor) {
        SlotFrame frame = entry.copy();
        int bci = 0;
        for (CodeElement element : code) {
            if (element instanceof Instruction instruction) {
                frame = before(bci, frame);
                visitor.visit(instruction, bci, frame);
                effects.apply(instruction, bci, frame);
                for (Label each : targets(instruction)) {
                    join(frame, each);
                }
                if (endsBlock(instruction.opcode())) {
                    frame = null;
                }
                bci += instruction.sizeInBytes();
            }
        }
    }

    private SlotFrame before(int bci, @Nullable SlotFrame running) {
        SlotFrame written = declared.get(bci);
        if (written == null) {
            if (running == null) {
                throw new Refused("it has no stack map frame where one has to be");
            }
            return running;
        }
        if (running != null) {
            requireKept(running, written);
        }
        return written.copy();
    }

    private void join(SlotFrame frame, Label target) {
        SlotFrame written = declared.get(code.labelToBci(target));
        if (written == null) {
            throw new Refused("it has no stack map frame where one has to be");
        }
        requireKept(frame, written);
    }

    /** An out on the stack must not become a plain object where two ways meet. */
    private static void requireKept(SlotFrame from, SlotFrame to) {
        for (int i = 0; i < from.stack.size(); i++) {
            if (from.isOut(from.stack.get(i)) != to.isOut(to.stack.get(i))) {
                throw new Refused("its out is mixed with other objects");
            }
        }
    }

    private static List<Label> targets(Instruction instruction) {
        return switch (instruction.opcode().kind()) {
            case BRANCH -> List.of(((BranchInstruction) instruction).target());
            case TABLE_SWITCH -> {
                var table = (TableSwitchInstruction) instruction;
                yield targets(table.defaultTarget(), table.cases());
            }
            case LOOKUP_SWITCH -> {
                var lookup = (LookupSwitchInstruction) instruction;
                yield targets(lookup.defaultTarget(), lookup.cases());
            }
            default -> List.of();
        };
    }

    private static List<Label> targets(Label otherwise, List<SwitchCase> cases) {
        List<Label> targets = new ArrayList<>();
        targets.add(otherwise);
        for (SwitchCase each : cases) {
            targets.add(each.target());
        }
        return targets;
    }

    /** Whether the next instruction is reached by a branch only. */
    private static boolean endsBlock(Opcode opcode) {
        return switch (opcode.kind()) {
            case RETURN, THROW_EXCEPTION, TABLE_SWITCH, LOOKUP_SWITCH -> true;
            default -> opcode == Opcode.GOTO || opcode == Opcode.GOTO_W;
        };
    }

    private SlotFrame frameOf(StackMapFrameInfo info) {
        SlotFrame frame = entry.copy();
        frame.stack.clear();
        Arrays.fill(frame.locals, Value.TOP);
        int slot = 0;
        for (VerificationTypeInfo type : info.locals()) {
            Value value = valueOf(type);
            frame.set(slot, value);
            slot += value.isWide() ? 2 : 1;
        }
        for (VerificationTypeInfo type : info.stack()) {
            frame.push(valueOf(type));
        }
        requireOutInItsPlace(frame);
        return frame;
    }

    private void requireOutInItsPlace(SlotFrame frame) {
        List<Value> locals = List.of(frame.locals);
        for (int i = 0; i < locals.size(); i++) {
            Value value = locals.get(i);
            boolean isParameter = frame.isOut(entry.locals[i]);
            if (isParameter ? !frame.isOut(value) && value != Value.TOP : frame.isOut(value)) {
                throw new Refused("its out is mixed with other objects");
            }
        }
    }

    private Value valueOf(VerificationTypeInfo type) {
        if (type instanceof ObjectVerificationTypeInfo object) {
            return Value.of(object.classSymbol());
        }
        if (type instanceof UninitializedVerificationTypeInfo fresh) {
            int bci = code.labelToBci(fresh.newTarget());
            return Value.newAt(bci, Objects.requireNonNull(made.get(bci)));
        }
        return switch ((SimpleVerificationTypeInfo) type) {
            case INTEGER -> Value.INT;
            case FLOAT -> Value.FLOAT;
            case LONG -> Value.LONG;
            case DOUBLE -> Value.DOUBLE;
            case NULL -> Value.NULL;
            case TOP -> Value.TOP;
            case UNINITIALIZED_THIS -> throw new Refused("it is a constructor");
        };
    }
}
