package dev.heddle.internal.generators;

import static java.lang.classfile.Opcode.IF_ACMPEQ;
import static java.lang.classfile.Opcode.IF_ACMPNE;
import static java.lang.classfile.Opcode.IF_ICMPEQ;
import static java.lang.classfile.Opcode.IF_ICMPGE;
import static java.lang.classfile.Opcode.IF_ICMPGT;
import static java.lang.classfile.Opcode.IF_ICMPLE;
import static java.lang.classfile.Opcode.IF_ICMPLT;
import static java.lang.classfile.Opcode.IF_ICMPNE;

import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The effect of each instruction on the {@link SlotFrame} before it (JVMS 25, 4.10.1.9). */
final class Effects {

    private static final Set<Opcode> COMPARE_TWO = EnumSet.of(IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT,
            IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE);

    private final Outs outs;

    Effects(Outs outs) {
        this.outs = outs;
    }

    void apply(Instruction instruction, int bci, SlotFrame frame) {
        switch (instruction.opcode().kind()) {
            case LOAD -> frame.push(frame.locals[((LoadInstruction) instruction).slot()]);
            case STORE -> frame.set(((StoreInstruction) instruction).slot(), frame.take());
            case INCREMENT, NOP -> {}
            case CONSTANT -> push((ConstantInstruction) instruction, frame);
            case STACK -> shuffle(instruction.opcode(), frame);
            case OPERATOR -> compute((OperatorInstruction) instruction, frame);
            case CONVERT -> {
                frame.take();
                frame.push(Value.of(((ConvertInstruction) instruction).toType(), null));
            }
            case FIELD_ACCESS -> access((FieldInstruction) instruction, frame);
            case INVOKE -> call((InvokeInstruction) instruction, frame);
            case INVOKE_DYNAMIC -> {
                MethodTypeDesc type = ((InvokeDynamicInstruction) instruction).typeSymbol();
                frame.take(type.parameterCount());
                frame.give(type.returnType());
            }
            case NEW_OBJECT, NEW_PRIMITIVE_ARRAY, NEW_REF_ARRAY, NEW_MULTI_ARRAY -> make(instruction, bci, frame);
            case ARRAY_LOAD -> loadElement((ArrayLoadInstruction) instruction, frame);
            case ARRAY_STORE -> frame.take(3);
            case TYPE_CHECK -> {
                frame.take();
                boolean casts = instruction.opcode() == Opcode.CHECKCAST;
                frame.give(casts ? ((TypeCheckInstruction) instruction).type().asSymbol() : ConstantDescs.CD_int);
            }
            case BRANCH -> frame.take(operands(instruction.opcode()));
            case TABLE_SWITCH, LOOKUP_SWITCH, THROW_EXCEPTION -> frame.take();
            case RETURN -> frame.take(instruction.opcode() == Opcode.RETURN ? 0 : 1);
            case MONITOR -> throw new Refused("it has a synchronized block");
            case DISCONTINUED_JSR, DISCONTINUED_RET -> throw new Refused("it was compiled for a JVM before Java 6");
        }
    }

    private static void make(Instruction instruction, int bci, SlotFrame frame) {
        switch (instruction.opcode()) {
            case NEW -> frame.push(Value.newAt(bci, ((NewObjectInstruction) instruction).className().asSymbol()));
            case NEWARRAY -> {
                frame.take();
                frame.push(Value.of(((NewPrimitiveArrayInstruction) instruction).typeKind().upperBound().arrayType()));
            }
            case ANEWARRAY -> {
                frame.take();
                frame.push(Value.of(
                        ((NewReferenceArrayInstruction) instruction).componentType().asSymbol().arrayType()));
            }
            default -> {
                var array = (NewMultiArrayInstruction) instruction;
                frame.take(array.dimensions());
                frame.push(Value.of(array.arrayType().asSymbol()));
            }
        }
    }

    private static void push(ConstantInstruction constant, SlotFrame frame) {
        if (constant.typeKind() != TypeKind.REFERENCE) {
            frame.push(Value.of(constant.typeKind(), null));
        } else if (constant.opcode() == Opcode.ACONST_NULL) {
            frame.push(Value.NULL);
        } else {
            frame.give(typeOf(constant.constantValue()));
        }
    }

    private static ClassDesc typeOf(ConstantDesc constant) {
        if (constant instanceof String) {
            return ConstantDescs.CD_String;
        }
        if (constant instanceof ClassDesc) {
            return ConstantDescs.CD_Class;
        }
        if (constant instanceof MethodTypeDesc) {
            return ConstantDescs.CD_MethodType;
        }
        return constant instanceof DynamicConstantDesc<?> dynamic
                ? dynamic.constantType()
                : ConstantDescs.CD_MethodHandle;
    }

    private static void compute(OperatorInstruction operator, SlotFrame frame) {
        switch (operator.opcode()) {
            case INEG, LNEG, FNEG, DNEG -> {}
            case ARRAYLENGTH, LCMP, FCMPL, FCMPG, DCMPL, DCMPG -> {
                frame.take(operator.opcode() == Opcode.ARRAYLENGTH ? 1 : 2);
                frame.push(Value.INT);
            }
            default -> {
                frame.take(2);
                frame.push(Value.of(operator.typeKind(), null));
            }
        }
    }

    private static void access(FieldInstruction field, SlotFrame frame) {
        switch (field.opcode()) {
            case GETSTATIC -> {}
            case PUTFIELD -> frame.take(2);
            default -> frame.take(); // the object, or the value
        }
        if (field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC) {
            frame.give(field.typeSymbol());
        }
    }

    private void call(InvokeInstruction invoke, SlotFrame frame) {
        MethodTypeDesc type = invoke.typeSymbol();
        frame.take(type.parameterCount());
        if (outs.isYield(invoke)) {
            if (!frame.isOut(frame.popSlot())) {
                throw new Refused("it yields to an out that is not its parameter");
            }
        } else if (invoke.opcode() != Opcode.INVOKESTATIC) {
            Value receiver = frame.take();
            if (receiver.isUninitialized()) {
                frame.initialize(receiver);
            }
        }
        frame.give(type.returnType());
    }

    private static void loadElement(ArrayLoadInstruction load, SlotFrame frame) {
        frame.take();
        Value array = frame.take();
        if (load.typeKind() != TypeKind.REFERENCE) {
            frame.push(Value.of(load.typeKind(), null));
        } else if (array.type() == null) {
            frame.push(Value.NULL);
        } else {
            frame.give(Objects.requireNonNull(array.type().componentType()));
        }
    }

    private static int operands(Opcode branch) {
        return COMPARE_TWO.contains(branch) ? 2 : branch == Opcode.GOTO || branch == Opcode.GOTO_W ? 0 : 1;
    }

    /** The instructions that move slots, whatever is in them. */
    private static void shuffle(Opcode opcode, SlotFrame frame) {
        List<Value> stack = frame.stack;
        int top = stack.size();
        switch (opcode) {
            case POP -> frame.popSlot();
            case POP2 -> {
                frame.popSlot();
                frame.popSlot();
            }
            case DUP -> stack.add(stack.get(top - 1));
            case DUP_X1 -> stack.add(top - 2, stack.get(top - 1));
            case DUP_X2 -> stack.add(top - 3, stack.get(top - 1));
            case DUP2 -> stack.addAll(List.copyOf(stack.subList(top - 2, top)));
            case DUP2_X1 -> stack.addAll(top - 3, List.copyOf(stack.subList(top - 2, top)));
            case DUP2_X2 -> stack.addAll(top - 4, List.copyOf(stack.subList(top - 2, top)));
            case SWAP -> stack.add(top - 2, frame.popSlot());
            default -> throw new Refused("it moves values in a way that is not known: " + opcode);
        }
    }
}
