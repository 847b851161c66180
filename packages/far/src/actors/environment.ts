/** Which of the national registers this is: the one where connecting parties try out, or the real one. */
export type RegisterEnvironment = 'test' | 'production';

/** Steps of a connection at which its roles are in force. */
export function admittingSteps(environment: RegisterEnvironment): readonly ('technicalTest' | 'production')[] {
  return environment === 'test' ? ['technicalTest', 'production'] : ['production'];
}
