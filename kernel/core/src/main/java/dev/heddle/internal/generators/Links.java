package dev.heddle.internal.generators;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;

/**
 * The calls by which a machine reaches the members of its host that are private to that.
 *
 * <p>The method is copied into each machine, since the module of a user sees nothing of this package. So it calls
 * nothing but the JDK.
 */
final class Links {

    private Links() {}

    /**
     * Links a call of the host's code as if it stood in the host.
     *
     * @param me the machine, in the same package and module as its host
     * @param lambda nothing; or, for a lambda, the types of its interface's method, erased and exact
     */
    static CallSite link(
            Lookup me,
            String name,
            MethodType type,
            Class<?> host,
            Class<?> owner,
            String member,
            MethodType memberType,
            int kind,
            MethodType... lambda)
            throws Exception {
        Lookup in = MethodHandles.privateLookupIn(host, me);
        MethodHandle handle = switch (kind) {
            case MethodHandleInfo.REF_getField -> in.findGetter(owner, member, memberType.returnType());
            case MethodHandleInfo.REF_getStatic -> in.findStaticGetter(owner, member, memberType.returnType());
            case MethodHandleInfo.REF_putField -> in.findSetter(owner, member, memberType.lastParameterType());
            case MethodHandleInfo.REF_putStatic -> in.findStaticSetter(owner, member, memberType.lastParameterType());
            case MethodHandleInfo.REF_invokeStatic -> in.findStatic(owner, member, memberType);
            case MethodHandleInfo.REF_invokeSpecial -> in.findSpecial(owner, member, memberType, host);
            case MethodHandleInfo.REF_newInvokeSpecial -> in.findConstructor(owner, memberType);
            default -> in.findVirtual(owner, member, memberType);
        };
        return lambda.length == 0
                ? new ConstantCallSite(handle.asType(type))
                : LambdaMetafactory.metafactory(in, name, type, lambda[0], handle, lambda[1]);
    }
}
