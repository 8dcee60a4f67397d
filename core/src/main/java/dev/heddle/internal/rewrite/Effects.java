package dev.heddle.internal.rewrite;

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
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.DiscontinuedInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.NopInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What each instruction does to the {@link Frame} before it (JVMS 25, 4.10.1.9). */
final class Effects {

    private static final Set<Opcode> COMPARE_TWO = EnumSet.of(IF_ICMPEQ, IF_ICMPNE, IF_ICMPLT, IF_ICMPGE, IF_ICMPGT,
            IF_ICMPLE, IF_ACMPEQ, IF_ACMPNE);

    private final Outs outs;

    Effects(Outs outs) {
        this.outs = outs;
    }

    void apply(Instruction instruction, int bci, Frame frame) {
        switch (instruction) {
            case LoadInstruction load -> frame.push(frame.locals[load.slot()]);
            case StoreInstruction store -> frame.set(store.slot(), frame.take());
            case IncrementInstruction _, NopInstruction _ -> {}
            case ConstantInstruction constant -> push(constant, frame);
            case StackInstruction _ -> shuffle(instruction.opcode(), frame);
            case OperatorInstruction operator -> compute(operator, frame);
            case ConvertInstruction convert -> {
                frame.take();
                frame.push(Value.of(convert.toType(), null));
            }
            case FieldInstruction field -> access(field, frame);
            case InvokeInstruction invoke -> call(invoke, frame);
            case InvokeDynamicInstruction dynamic -> {
                MethodTypeDesc type = dynamic.typeSymbol();
                frame.take(type.parameterCount());
                frame.give(type.returnType());
            }
            case NewObjectInstruction make -> frame.push(Value.newAt(bci, make.className().asSymbol()));
            case NewPrimitiveArrayInstruction make -> {
                frame.take();
                frame.push(Value.of(make.typeKind().upperBound().arrayType()));
            }
            case NewReferenceArrayInstruction make -> {
                frame.take();
                frame.push(Value.of(make.componentType().asSymbol().arrayType()));
            }
            case NewMultiArrayInstruction make -> {
                frame.take(make.dimensions());
                frame.push(Value.of(make.arrayType().asSymbol()));
            }
            case ArrayLoadInstruction load -> loadElement(load, frame);
            case ArrayStoreInstruction _ -> frame.take(3);
            case TypeCheckInstruction check -> {
                frame.take();
                frame.give(check.opcode() == Opcode.CHECKCAST ? check.type().asSymbol() : ConstantDescs.CD_int);
            }
            case BranchInstruction branch -> frame.take(operands(branch.opcode()));
            case TableSwitchInstruction _, LookupSwitchInstruction _, ThrowInstruction _ -> frame.take();
            case ReturnInstruction back -> frame.take(back.typeKind() == TypeKind.VOID ? 0 : 1);
            case MonitorInstruction _ -> throw new Refused("it has a synchronized block");
            case DiscontinuedInstruction _ -> throw new Refused("it was compiled for a JVM before Java 6");
        }
    }

    private static void push(ConstantInstruction constant, Frame frame) {
        if (constant.typeKind() != TypeKind.REFERENCE) {
            frame.push(Value.of(constant.typeKind(), null));
        } else if (constant.opcode() == Opcode.ACONST_NULL) {
            frame.push(Value.NULL);
        } else {
            frame.give(switch (constant.constantValue()) {
                case String _ -> ConstantDescs.CD_String;
                case ClassDesc _ -> ConstantDescs.CD_Class;
                case MethodTypeDesc _ -> ConstantDescs.CD_MethodType;
                case DynamicConstantDesc<?> dynamic -> dynamic.constantType();
                default -> ConstantDescs.CD_MethodHandle;
            });
        }
    }

    private static void compute(OperatorInstruction operator, Frame frame) {
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

    private static void access(FieldInstruction field, Frame frame) {
        switch (field.opcode()) {
            case GETSTATIC -> {}
            case PUTFIELD -> frame.take(2);
            default -> frame.take(); // the object, or the value
        }
        if (field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC) {
            frame.give(field.typeSymbol());
        }
    }

    private void call(InvokeInstruction invoke, Frame frame) {
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

    private static void loadElement(ArrayLoadInstruction load, Frame frame) {
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
    private static void shuffle(Opcode opcode, Frame frame) {
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
